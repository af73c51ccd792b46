#include "executor/weights/weight_store.h"

#include "core/error.h"

namespace pipedit::executor {

const at::Tensor& WeightStore::at(std::string_view name) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) throw Error("no weight " + std::string(name));
  return found->second;
}

kernels::Linear WeightStore::linear(std::string_view name) const {
  const auto bias = tensors_.find(std::string(name) + ".bias");
  return {at(std::string(name) + ".weight"), bias == tensors_.end() ? at::Tensor() : bias->second};
}

std::int64_t WeightStore::bytes() const {
  std::int64_t sum = 0;
  for (const auto& [name, tensor] : tensors_) sum += static_cast<std::int64_t>(tensor.nbytes());
  return sum;
}

WeightStore WeightStore::to(at::TensorOptions options) const {
  WeightStore store;
  for (const auto& [name, tensor] : tensors_) store.insert(name, tensor.to(options));
  return store;
}

}  // namespace pipedit::executor
