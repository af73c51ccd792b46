#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <ATen/core/Tensor.h>

#include "executor/kernels/linear.h"

namespace pipedit::executor {

// A model's weights by canonical name (models/hunyuanvideo/weights.h), contiguous. Shared by all ranks of a device:
// reading is safe from any thread.
class WeightStore {
 public:
  void insert(const std::string& name, at::Tensor weight) { tensors_[name] = std::move(weight); }

  // Throws Error naming the weight where there is none.
  const at::Tensor& at(std::string_view name) const;
  bool has(std::string_view name) const { return tensors_.find(name) != tensors_.end(); }
  // NAME.weight and NAME.bias; the bias may be absent.
  kernels::Linear linear(std::string_view name) const;

  const std::map<std::string, at::Tensor, std::less<>>& tensors() const { return tensors_; }
  std::int64_t bytes() const;
  // All weights on another device or of another dtype; what fits already is shared, not copied.
  WeightStore to(at::TensorOptions) const;

 private:
  std::map<std::string, at::Tensor, std::less<>> tensors_;
};

// Told of each weight that has been loaded or drawn, since all of them take a while. What it throws ends that.
using EachWeight = std::function<void(const at::Tensor&)>;
inline void ignore_weight(const at::Tensor&) {}

}  // namespace pipedit::executor
