#pragma once

#include "executor/kernels/cuda/pack_rows.h"

namespace pipedit::executor::kernels::cuda {

// out = SiLU(GroupNorm(x)) of contiguous [channels, space]: a group is a run of numbers, summed by several blocks and
// then read once more. Space is a multiple of 16 bytes. LibTorch gives a group to one block, which takes ten times as
// long where groups are long.
inline constexpr int kBlocksOfGroup = 32;
struct GroupNormSilu {
  Number type = Number::bf16;
  const void* x = nullptr;
  void* out = nullptr;
  std::int64_t groups = 0, channels = 0, space = 0;
  const void* gain = nullptr;  // [channels]
  const void* bias = nullptr;
  float eps = 0;
  double2* sums = nullptr;  // [groups, kBlocksOfGroup], for sums and sums of squares
};
void group_norm_silu(const GroupNormSilu&, cudaStream_t);

}  // namespace pipedit::executor::kernels::cuda
