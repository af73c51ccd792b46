#pragma once

#include <array>

#include <ATen/core/Tensor.h>

namespace pipedit::executor::kernels {

// Latents live as tokens, row-major in (t, y, x), with features in the order (c, row in patch, column in patch).

// [C, T, h, w] -> [T * h/ph * w/pw, C * ph * pw], contiguous. patch = {1, ph, pw}.
at::Tensor patchify(const at::Tensor& latents, std::array<std::int64_t, 3> patch);

// The other way: latents [C, T, h, w] of the size given as {T, h, w}, contiguous.
at::Tensor unpatchify(const at::Tensor& tokens, std::array<std::int64_t, 3> thw, std::array<std::int64_t, 3> patch);

}  // namespace pipedit::executor::kernels
