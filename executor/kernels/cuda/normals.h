#pragma once

#include "executor/kernels/cuda/pack_rows.h"

namespace pipedit::executor::kernels::cuda {

// mean + deviation * N(0, 1), drawn as executor/weights/random.cpp does: element i from word i % 4 of Philox counter
// i / 4 of (seed, stream). The device's logarithm and cosine may differ from the host's in the last bits.
struct Normals {
  Number type = Number::bf16;
  void* out = nullptr;
  std::int64_t count = 0;
  unsigned long long seed = 0, stream = 0;
  double mean = 0, deviation = 1;
};
void fill_normals(const Normals&, cudaStream_t);

}  // namespace pipedit::executor::kernels::cuda
