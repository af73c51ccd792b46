#pragma once

#include <cstddef>
#include <cstdint>

#include <cuda_runtime_api.h>

// Kernels see raw pointers and a stream. They are launched here and report through cudaGetLastError().
namespace pipedit::executor::kernels::cuda {

// Strides in bytes. Neither end overlaps itself or the other.
struct BoxCopy {
  const std::byte* source = nullptr;
  std::byte* target = nullptr;
  std::int64_t slots = 0, rows = 0, row_bytes = 0;
  std::int64_t source_slot_stride = 0, source_row_stride = 0;
  std::int64_t target_slot_stride = 0, target_row_stride = 0;
};

void copy_box(const BoxCopy&, cudaStream_t);

}  // namespace pipedit::executor::kernels::cuda
