#include <algorithm>

#include "executor/kernels/cuda/held_rows.cuh"
#include "executor/kernels/cuda/numbers.cuh"
#include "executor/kernels/cuda/stream_rows.h"

namespace pipedit::executor::kernels::cuda {

namespace {

constexpr int kMostWarps = 32;
constexpr std::int64_t kMostBlocks = 1 << 20;

// Every thread gets the sum over the block. `scratch` may be used again after the next barrier.
__device__ float block_sum(float value, float* scratch) {
  const unsigned warps = (blockDim.x + 31) / 32;
  value = warp_sum(value);
  if (threadIdx.x % 32 == 0) scratch[threadIdx.x / 32] = value;
  __syncthreads();
  return warp_sum(threadIdx.x % 32 < warps ? scratch[threadIdx.x % 32] : 0);
}

template <class T>
__device__ float norm_one(const Vector<T>& x, float* values, bool has, float width, float eps, float* scratch) {
  float sum = 0;
#pragma unroll
  for (int i = 0; i < Vector<T>::kSize; ++i) sum += values[i] = has ? wide(x.value[i]) : 0;
  const float mean = block_sum(sum, scratch) / width;
  float squares = 0;
#pragma unroll
  for (int i = 0; i < Vector<T>::kSize; ++i) {
    values[i] -= mean;
    squares += has ? values[i] * values[i] : 0;
  }
  return rsqrtf(block_sum(squares, scratch + kMostWarps) / width + eps);
}

// A block a row, a thread 16 bytes of it; the row stays in registers between mean, variance and result.
template <class T>
__global__ void modulate_kernel(const __grid_constant__ ModulatedRows job) {
  __shared__ float scratch[2 * kMostWarps];
  const int at = static_cast<int>(threadIdx.x) * Vector<T>::kSize;
  const bool has = at < job.width;
  const Vector<T> shift = has ? load(static_cast<const T*>(job.shift) + at) : Vector<T>();
  const Vector<T> scale = has ? load(static_cast<const T*>(job.scale) + at) : Vector<T>();
  for (std::int64_t row = blockIdx.x; row < job.count; row += gridDim.x) {
    Vector<T> x;
    if (has) x = load(static_cast<const T*>(job.x.data) + row * job.x.stride + at);
    float values[Vector<T>::kSize];
    const float factor = norm_one(x, values, has, static_cast<float>(job.width), job.eps, scratch);
    if (has) {
#pragma unroll
      for (int i = 0; i < Vector<T>::kSize; ++i)
        x.value[i] = narrow<T>(values[i] * factor * (1 + wide(scale.value[i])) + wide(shift.value[i]));
      store(static_cast<T*>(job.out.data) + row * job.out.stride + at, x);
    }
    __syncthreads();  // the next row's sums use the same scratch
  }
}

constexpr std::int64_t kFewRows = 2048;  // up to which a block takes one, so that every multiprocessor has some

// Rows are summed in the same order however many a block holds. Shift and scale are read once for all of them, and two
// barriers serve them together.
template <int kRows, int kVectors>
__global__ void __launch_bounds__(kHoldingThreads) modulate_held_kernel(const __grid_constant__ ModulatedRows job) {
  const std::int64_t first = static_cast<std::int64_t>(blockIdx.x) * kRows;
  HeldRows<kRows, kVectors> rows;
  rows.read(job, first);
  rows.moments(job);
  rows.write(job, first);
}

template <int kVectors, int kRows>
void modulate_held(const ModulatedRows& job, cudaStream_t stream) {
  if (job.count <= kFewRows) {
    modulate_held_kernel<1, kVectors><<<static_cast<unsigned>(job.count), kHoldingThreads, 0, stream>>>(job);
    return;
  }
  const auto blocks = static_cast<unsigned>((job.count + kRows - 1) / kRows);
  modulate_held_kernel<kRows, kVectors><<<blocks, kHoldingThreads, 0, stream>>>(job);
}

struct Grid {
  unsigned blocks, threads;
};

template <class T>
Grid grid_of(std::int64_t rows, std::int64_t width) {
  const std::int64_t vectors = width / Vector<T>::kSize;
  return {static_cast<unsigned>(std::min(rows, kMostBlocks)), static_cast<unsigned>((vectors + 31) / 32 * 32)};
}

}  // namespace

void modulate_rows(const ModulatedRows& job, cudaStream_t stream) {
  if (job.count == 0) return;
  if (job.type == Number::f32) {
    const Grid grid = grid_of<float>(job.count, job.width);
    modulate_kernel<float><<<grid.blocks, grid.threads, 0, stream>>>(job);
    return;
  }
  const std::int64_t vectors =
      (job.width / Vector<__nv_bfloat16>::kSize + kHoldingThreads - 1) / kHoldingThreads;  // a thread
  if (vectors <= 1) return modulate_held<1, 8>(job, stream);
  if (vectors <= 3) return modulate_held<3, 4>(job, stream);
  if (vectors <= 5) return modulate_held<5, 2>(job, stream);
  const Grid grid = grid_of<__nv_bfloat16>(job.count, job.width);
  modulate_kernel<__nv_bfloat16><<<grid.blocks, grid.threads, 0, stream>>>(job);
}

}  // namespace pipedit::executor::kernels::cuda
