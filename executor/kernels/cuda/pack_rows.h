#pragma once

#include <cstdint>

#include <cuda_runtime_api.h>

namespace pipedit::executor::kernels::cuda {

enum class Number { f32, bf16 };

// Rows of heads, each normed and turned on its own, to where each head's rows go: kernels::pack on raw pointers.
inline constexpr int kMostPackedHeads = 64;
inline constexpr std::int64_t kMostPackedDim = 256;
struct PackedRows {
  Number type = Number::bf16;
  const void* rows = nullptr;
  std::int64_t count = 0, row_stride = 0;  // in elements
  std::int64_t dim = 0;                    // of a head, even, at most kMostPackedDim
  const void* gain = nullptr;              // [dim]; null: no norm
  float eps = 0;
  const float* cos = nullptr;  // [count, dim / 2]; null: no turning
  const float* sin = nullptr;
  int heads = 0;
  struct Head {
    std::int64_t source = 0;  // elements from a row's start
    void* out = nullptr;
    std::int64_t row_stride = 0;
  } head[kMostPackedHeads];
};

void pack_rows(const PackedRows&, cudaStream_t);

}  // namespace pipedit::executor::kernels::cuda
