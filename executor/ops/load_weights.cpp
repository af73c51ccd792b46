#include <vector>

#include "core/error.h"
#include "executor/ops/operations.h"
#include "executor/ops/tensors.h"
#include "executor/weights/weight_store.h"

namespace pipedit::executor::ops {

namespace {

const std::byte* bytes(const at::Tensor& weight) { return static_cast<const std::byte*>(weight.const_data_ptr()); }
std::byte* place(const at::Tensor& weight) { return static_cast<std::byte*>(weight.mutable_data_ptr()); }

// Weights that lie on the host as they do in the buffer, gaps included, and in one allocation: copied in one go.
class Run {
 public:
  Run(const at::Tensor& source, const at::Tensor& target)
      : first_source_(source), first_target_(target), size_(static_cast<std::int64_t>(source.nbytes())) {}

  bool take(const at::Tensor& source, const at::Tensor& target) {
    const std::int64_t distance = place(target) - place(first_target_);
    if (!source.is_alias_of(first_source_) || bytes(source) - bytes(first_source_) != distance) return false;
    size_ = distance + static_cast<std::int64_t>(source.nbytes());
    return true;
  }

  void copy() const {
    const auto gpu_of = [](const at::Tensor& tensor) { return tensor.is_cpu() ? -1 : tensor.get_device(); };
    std::byte* from = const_cast<std::byte*>(bytes(first_source_));  // tensors know no pointers to const
    tensor_at(place(first_target_), {size_}, at::kByte, gpu_of(first_target_))
        .copy_(tensor_at(from, {size_}, at::kByte, gpu_of(first_source_)), true);
  }

 private:
  at::Tensor first_source_, first_target_;
  std::int64_t size_;
};

}  // namespace

void load_weights(const OpContext& context) {
  const WeightStore& host = *context.job.host_copy();
  if (context.store == &host) throw Error("the buffer that is to be filled is not there for weights");
  std::vector<Run> runs;
  for (const auto& [name, target] : context.store->tensors()) {  // by name, as they lie in the buffer
    const at::Tensor& source = host.at(name);
    if (runs.empty() || !runs.back().take(source, target)) runs.emplace_back(source, target);
  }
  for (const Run& run : runs) run.copy();
}

}  // namespace pipedit::executor::ops
