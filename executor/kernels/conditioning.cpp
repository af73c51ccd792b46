#include "executor/kernels/conditioning.h"

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/silu.h>

namespace pipedit::executor::kernels {

at::Tensor sinusoids(const at::Tensor& values, std::int64_t width) {
  const std::int64_t half = width / 2;
  // in the order of the references: at angles up to 6016 the rounding of a frequency is seen
  const at::Tensor frequencies = (at::arange(half, values.options()) * -std::log(10000.0) / half).exp();
  const at::Tensor angles = values.unsqueeze(1) * frequencies;
  return at::cat({angles.cos(), angles.sin()}, 1);
}

at::Tensor two_layers(const WeightStore& weights, std::string_view name, const at::Tensor& x) {
  const Linear first = weights.linear(std::string(name) + ".0");
  const at::Tensor hidden = at::silu(linear(x.to(first.weight.options()), first));
  return linear(hidden, weights.linear(std::string(name) + ".2"));
}

at::Tensor conditioning_vectors(const WeightStore& weights, const at::Tensor& time_sinusoids,
                                const at::Tensor& guidance_sinusoid, const at::Tensor& pooled) {
  return two_layers(weights, "time", time_sinusoids) + two_layers(weights, "guidance", guidance_sinusoid) +
         two_layers(weights, "pooled", pooled.unsqueeze(0));
}

at::Tensor modulation_vectors(const at::Tensor& vectors, const Linear& modulation) {
  return linear(at::silu(vectors.to(modulation.weight.scalar_type())), modulation);
}

}  // namespace pipedit::executor::kernels
