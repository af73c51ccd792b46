#pragma once

#include "executor/kernels/cuda/channel_norm.h"

namespace pipedit::executor::kernels::cuda {

// One pass over a decoder's activation [frames, height, width, channels] to what its next convolution reads: norm and
// SiLU, or a bias, by channel, then a border that repeats what it lies next to.
struct Spread {
  Number type = Number::bf16;
  const void* x = nullptr;
  void* out = nullptr;  // [out_frames(), out_height(), out_width(), channels]
  std::int64_t frames = 0, height = 0, width = 0, channels = 0;
  std::int64_t front = 0;           // frames of border before the first
  std::int64_t side = 0;            // rows and columns of border on each side
  const float2* factors = nullptr;  // [channels]: x * factor.x + factor.y; null: x
  bool silu = false;

  std::int64_t out_frames() const { return frames + front; }
  std::int64_t out_height() const { return height + 2 * side; }
  std::int64_t out_width() const { return width + 2 * side; }
};
void spread(const Spread&, cudaStream_t);

}  // namespace pipedit::executor::kernels::cuda
