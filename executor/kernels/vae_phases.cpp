#include "executor/kernels/vae_phases.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/stack.h>

namespace pipedit::executor::kernels {

namespace {

// The axis `dim` of three taps becomes two, [phase, tap].
at::Tensor fold(const at::Tensor& weight, std::int64_t dim) {
  const at::Tensor a = weight.select(dim, 0), b = weight.select(dim, 1), c = weight.select(dim, 2);
  return at::stack({at::stack({a, b + c}, dim), at::stack({a + b, c}, dim)}, dim);
}

}  // namespace

at::Tensor phase_weights(const at::Tensor& weight, bool time) {
  const bool exact = weight.scalar_type() == at::kDouble || weight.scalar_type() == at::kFloat;
  at::Tensor folded = fold(fold(exact ? weight : weight.to(at::kFloat), 4), 3);
  folded = time ? fold(folded, 2) : folded.unsqueeze(2);
  return folded.permute({2, 4, 6, 0, 1, 3, 5, 7}).flatten(0, 2).to(weight.scalar_type()).contiguous();
}

}  // namespace pipedit::executor::kernels
