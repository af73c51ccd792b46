#include <algorithm>

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

constexpr int kRowsAtOnce = 4;  // whose loads are under way together

template <class T>
__global__ void gate_kernel(const __grid_constant__ GatedRows job) {
  const int at = static_cast<int>(threadIdx.x) * Vector<T>::kSize;
  if (at >= job.width) return;
  const Vector<T> gate = load(static_cast<const T*>(job.gate) + at);
  T* hidden = static_cast<T*>(job.hidden.data) + at;
  const T* other = static_cast<const T*>(job.x.data) + at;
  const std::int64_t first = static_cast<std::int64_t>(blockIdx.x) * kRowsAtOnce;
  Vector<T> sum[kRowsAtOnce], x[kRowsAtOnce];
#pragma unroll
  for (int i = 0; i < kRowsAtOnce; ++i) {
    if (first + i >= job.count) break;
    sum[i] = load(hidden + (first + i) * job.hidden.stride);
    x[i] = load(other + (first + i) * job.x.stride);
  }
#pragma unroll
  for (int i = 0; i < kRowsAtOnce; ++i) {
    if (first + i >= job.count) break;
#pragma unroll
    for (int k = 0; k < Vector<T>::kSize; ++k)
      sum[i].value[k] = narrow<T>(wide(sum[i].value[k]) + wide(gate.value[k]) * wide(x[i].value[k]));
    store(hidden + (first + i) * job.hidden.stride, sum[i]);
  }
}

constexpr int kWarps = 8;  // of a block

// A warp a row, whose numbers stay in its registers as they came: no barrier, and all of its loads under way at once.
template <int kVectors>
__global__ void __launch_bounds__(32 * kWarps) modulate_by_warp_kernel(const __grid_constant__ ModulatedRows job) {
  using T = __nv_bfloat16;
  constexpr int kSize = Vector<T>::kSize;
  const std::int64_t row = static_cast<std::int64_t>(blockIdx.x) * kWarps + threadIdx.x / 32;
  if (row >= job.count) return;
  const int lane = static_cast<int>(threadIdx.x) % 32, vectors = static_cast<int>(job.width) / kSize;
  const T* in = static_cast<const T*>(job.x.data) + row * job.x.stride;
  T* out = static_cast<T*>(job.out.data) + row * job.out.stride;
  Vector<T> x[kVectors];
  float sum = 0, squares = 0;
#pragma unroll
  for (int i = 0; i < kVectors; ++i)
    if (lane + 32 * i < vectors) x[i] = load(in + (lane + 32 * i) * kSize);
#pragma unroll
  for (int i = 0; i < kVectors; ++i)
    for (int k = 0; k < kSize && lane + 32 * i < vectors; ++k) sum += wide(x[i].value[k]);
  const float mean = warp_sum(sum) / static_cast<float>(job.width);
#pragma unroll
  for (int i = 0; i < kVectors; ++i)
#pragma unroll
    for (int k = 0; k < kSize; ++k) {
      const float centred = lane + 32 * i < vectors ? wide(x[i].value[k]) - mean : 0;
      squares += centred * centred;
    }
  const float factor = rsqrtf(warp_sum(squares) / static_cast<float>(job.width) + job.eps);
#pragma unroll
  for (int i = 0; i < kVectors; ++i) {
    const int at = (lane + 32 * i) * kSize;
    if (at >= job.width) break;
    const Vector<T> shift = load(static_cast<const T*>(job.shift) + at);
    const Vector<T> scale = load(static_cast<const T*>(job.scale) + at);
#pragma unroll
    for (int k = 0; k < kSize; ++k)
      x[i].value[k] =
          narrow<T>((wide(x[i].value[k]) - mean) * factor * (1 + wide(scale.value[k])) + wide(shift.value[k]));
    store(out + at, x[i]);
  }
}

template <int kVectors>
void modulate_by_warps(const ModulatedRows& job, cudaStream_t stream) {
  const auto blocks = static_cast<unsigned>((job.count + kWarps - 1) / kWarps);
  modulate_by_warp_kernel<kVectors><<<blocks, 32 * kWarps, 0, stream>>>(job);
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
  const std::int64_t vectors = (job.width / Vector<__nv_bfloat16>::kSize + 31) / 32;  // a lane
  if (vectors <= 4) return modulate_by_warps<4>(job, stream);
  if (vectors <= 12) return modulate_by_warps<12>(job, stream);
  if (vectors <= 20) return modulate_by_warps<20>(job, stream);
  const Grid grid = grid_of<__nv_bfloat16>(job.count, job.width);
  modulate_kernel<__nv_bfloat16><<<grid.blocks, grid.threads, 0, stream>>>(job);
}

void add_gated_rows(const GatedRows& job, cudaStream_t stream) {
  if (job.count == 0) return;
  if (job.type == Number::f32) {
    const Grid grid = grid_of<float>((job.count + kRowsAtOnce - 1) / kRowsAtOnce, job.width);
    gate_kernel<float><<<grid.blocks, grid.threads, 0, stream>>>(job);
  } else {
    const Grid grid = grid_of<__nv_bfloat16>((job.count + kRowsAtOnce - 1) / kRowsAtOnce, job.width);
    gate_kernel<__nv_bfloat16><<<grid.blocks, grid.threads, 0, stream>>>(job);
  }
}

}  // namespace pipedit::executor::kernels::cuda
