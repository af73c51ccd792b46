#pragma once

#include "executor/kernels/cuda/pack_rows.h"

// Rows of the residual stream on raw pointers, 16 bytes an access: see kernels/stream.h.
namespace pipedit::executor::kernels::cuda {

struct Rows {
  void* data = nullptr;
  std::int64_t stride = 0;  // in elements
};

// out = LN(x) * (1 + scale) + shift. A row is held by one block, so width / (16 bytes) is at most 1024 threads.
struct ModulatedRows {
  Number type = Number::bf16;
  std::int64_t count = 0, width = 0;
  Rows x, out;
  const void* shift = nullptr;  // [width]
  const void* scale = nullptr;
  float eps = 0;
};
void modulate_rows(const ModulatedRows&, cudaStream_t);

// hidden += gate * x.
struct GatedRows {
  Number type = Number::bf16;
  std::int64_t count = 0, width = 0;
  Rows hidden, x;
  const void* gate = nullptr;  // [width]
};
void add_gated_rows(const GatedRows&, cudaStream_t);

}  // namespace pipedit::executor::kernels::cuda
