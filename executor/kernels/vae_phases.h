#pragma once

#include <ATen/core/Tensor.h>

namespace pipedit::executor::kernels {

// A 3 x 3 x 3 convolution of what has been repeated twice along an axis reads every number of the original with one or
// two of its three taps: with a, b, c along the axis and position i of the original, results 2i and 2i + 1 are
//
//   a x[i-1] + (b + c) x[i]   and   (a + b) x[i] + c x[i+1],
//
// so that it is a convolution of the original with two taps for each of the two phases, 8 instead of 27 products a
// result along three axes. In time, where only earlier frames are read and the first frame is not repeated, results 2i
// and 2i - 1 are those two of x[i-1] and x[i].
//
// From weight [O, I, 3, 3, 3]: [phases, O, I, taps, 2, 2] with phases = 4 (row, column) and 3 taps in time, or with
// `time` phases = 8 (time, row, column) and 2 taps. Sums are rounded once.
at::Tensor phase_weights(const at::Tensor& weight, bool time);

}  // namespace pipedit::executor::kernels
