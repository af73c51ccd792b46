#include "profiler/fill.h"

#include <mutex>
#include <set>

#include <ATen/ops/randn_like.h>

#include "executor/execute.h"
#include "executor/ops/tensors.h"

namespace pipedit::profiler {

namespace {

// Gives what an operation reads ordinary numbers, the first time that it is seen.
class Filler {
 public:
  void fill_once(const executor::OpContext& context) {
    const std::scoped_lock lock(mutex_);
    for (const executor::View& view : context.reads) {
      if (!filled_.insert(view.data).second) continue;
      for (std::int64_t i = 0; i < view.slots; ++i) {
        at::Tensor slot = executor::slot(view, i);
        if (slot.is_floating_point()) slot.copy_(at::randn_like(slot));
      }
    }
  }

 private:
  std::mutex mutex_;
  std::set<const std::byte*> filled_;
};

}  // namespace

Timeline run_filled(const program::Program& program, executor::Backend& backend, const executor::Job& job) {
  Filler filler;
  executor::ExecuteOptions options;
  options.operation = [&filler](const executor::OpContext& context) {
    filler.fill_once(context);
    executor::run_operation(context);
  };
  return executor::execute(program, backend, job, options);
}

}  // namespace pipedit::profiler
