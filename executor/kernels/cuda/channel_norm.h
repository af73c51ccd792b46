#pragma once

#include "executor/kernels/cuda/pack_rows.h"

// Group norms of [positions, channels] where a position's channels lie together: sums by channel over blocks of
// positions, then a factor and an offset for every channel. No result depends on how blocks are scheduled. A position
// is whole accesses of 16 bytes, kMostAccesses of them at most.
namespace pipedit::executor::kernels::cuda {

inline constexpr std::int64_t kMostAccesses = 256;

// The result of a convolution by phases (kernels/vae_phases.h): [frames, height + 1, width + 1, phases, channels] of
// the original's sizes. A result's phase 0 along a row or a column stands at the place of its position, phase 1 one
// behind.
struct Phases {
  const void* data = nullptr;
  int height = 0, width = 0;
  bool time = false;  // frames have phases too
};

struct ChannelSums {
  Number type = Number::bf16;
  std::int64_t positions = 0, channels = 0;  // fewer than 2^31 positions
  void* x = nullptr;                         // only read, unless one of these is there:
  const void* added = nullptr;               // [positions, channels]: first x += added + bias
  const float* bias = nullptr;               // [channels]; null: none
  Phases phases = {};                        // x becomes these in the order of [2 frames (- 1), 2 height, 2 width]
  double2* sums = nullptr;                   // [sum_blocks(), channels], for sums and sums of squares of x
};
int sum_blocks(Number, std::int64_t positions, std::int64_t channels);
void sum_channels(const ChannelSums&, cudaStream_t);

struct NormCoefficients {
  Number type = Number::bf16;  // of gain and shift
  std::int64_t positions = 0, channels = 0, groups = 0;
  int blocks = 0;
  const double2* sums = nullptr;  // of x
  const float* bias = nullptr;    // [channels]: what is normed is x + bias; null: x
  const void* gain = nullptr;     // [channels]
  const void* shift = nullptr;
  float eps = 0;
  float2* out = nullptr;  // [channels]: the norm of x + bias, with gain and shift, is x * out.x + out.y
};
void norm_coefficients(const NormCoefficients&, cudaStream_t);

}  // namespace pipedit::executor::kernels::cuda
