#include <algorithm>

#include "executor/kernels/cuda/copy_box.h"

namespace pipedit::executor::kernels::cuda {

namespace {

constexpr int kThreads = 256;
constexpr std::int64_t kMostBlocks = 4096;

template <class Unit>
__global__ void copy_units(BoxCopy box, std::int64_t units_per_row) {
  const std::int64_t total = box.slots * box.rows * units_per_row;
  const std::int64_t step = static_cast<std::int64_t>(gridDim.x) * kThreads;
  for (std::int64_t i = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x; i < total; i += step) {
    const std::int64_t row = i / units_per_row, unit = i - row * units_per_row;
    const std::int64_t slot = row / box.rows, row_of_slot = row - slot * box.rows;
    const std::byte* source = box.source + slot * box.source_slot_stride + row_of_slot * box.source_row_stride;
    std::byte* target = box.target + slot * box.target_slot_stride + row_of_slot * box.target_row_stride;
    reinterpret_cast<Unit*>(target)[unit] = reinterpret_cast<const Unit*>(source)[unit];
  }
}

template <class Unit>
void launch(const BoxCopy& box, cudaStream_t stream) {
  const std::int64_t units_per_row = box.row_bytes / static_cast<std::int64_t>(sizeof(Unit));
  const std::int64_t total = box.slots * box.rows * units_per_row;
  const auto blocks = static_cast<unsigned>(std::min((total + kThreads - 1) / kThreads, kMostBlocks));
  copy_units<Unit><<<blocks, kThreads, 0, stream>>>(box, units_per_row);
}

// Everything that an access's address is made of.
bool divides(const BoxCopy& box, std::int64_t unit) {
  const std::int64_t bits = static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(box.source)) |
                            static_cast<std::int64_t>(reinterpret_cast<std::uintptr_t>(box.target)) | box.row_bytes |
                            box.source_slot_stride | box.source_row_stride | box.target_slot_stride |
                            box.target_row_stride;
  return bits % unit == 0;
}

}  // namespace

void copy_box(const BoxCopy& box, cudaStream_t stream) {
  if (divides(box, 16)) return launch<uint4>(box, stream);
  if (divides(box, 4)) return launch<unsigned>(box, stream);
  launch<unsigned char>(box, stream);
}

}  // namespace pipedit::executor::kernels::cuda
