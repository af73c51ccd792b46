#pragma once

#include "executor/kernels/cuda/spread.h"
#include "executor/kernels/linear.h"

// spread.h and channel_norm.h on tensors [T, h, w, C], contiguous, on the current stream.
namespace pipedit::executor::kernels::cuda {

// Sums by block and channel, [blocks, C, 2] in fp64.
at::Tensor channel_sums(const at::Tensor& x);

// x += added + bias (fp32 [C]; undefined: none), and the sums of the new x.
at::Tensor add_and_sum(const at::Tensor& x, const at::Tensor& added, const at::Tensor& bias);

// The results [2 T (- 1 with `time`), 2 h, 2 w, C] of a convolution by phases [T, h + 1, w + 1, phases C], and their
// sums.
struct Gathered {
  at::Tensor x, sums;
};
Gathered gather_and_sum(const at::Tensor& phases, bool time);

// [C, 2] in fp32: factor and offset of the group norm of x + bias, from the sums of x.
at::Tensor norm_factors(const at::Tensor& x, const at::Tensor& sums, const at::Tensor& bias, const Linear& affine,
                        std::int64_t groups, double eps);

struct SpreadOptions {
  at::Tensor factors = {};  // [C, 2] in fp32; undefined: x as it is
  bool silu = false;
  std::int64_t front = 0, side = 0;
};
at::Tensor spread(const at::Tensor& x, const SpreadOptions&);

}  // namespace pipedit::executor::kernels::cuda
