#include "executor/kernels/cuda/numbers.cuh"
#include "executor/kernels/cuda/spread.h"

namespace pipedit::executor::kernels::cuda {

namespace {

constexpr int kThreads = 256;
constexpr int kAtOnce = 4;  // positions of a thread whose loads are under way together

__device__ float silu(float value, float) { return value / (1 + expf(-value)); }
// Exact enough for what is rounded to 8 bits.
__device__ float silu(float value, __nv_bfloat16) { return __fdividef(value, 1 + __expf(-value)); }

// Of the result.
struct Sizes {
  std::int64_t height, width;
};

// The row or column of x that one of the result takes.
__device__ std::int64_t source_of(std::int64_t at, std::int64_t border, std::int64_t size) {
  const std::int64_t inner = at - border;
  return inner < 0 ? 0 : inner < size ? inner : size - 1;
}

template <class T>
__device__ void apply(Vector<T>& x, const float2* factors, bool with_silu) {
#pragma unroll
  for (int k = 0; k < Vector<T>::kSize; ++k) {
    const float value = wide(x.value[k]) * factors[k].x + factors[k].y;
    x.value[k] = narrow<T>(with_silu ? silu(value, T()) : value);
  }
}

// A block a row of the result, every thread with channels of its own.
template <class T>
__global__ void __launch_bounds__(kThreads) spread_kernel(const __grid_constant__ Spread job, Sizes sizes) {
  constexpr int kSize = Vector<T>::kSize;
  const int accesses = static_cast<int>(job.channels) / kSize, lanes = static_cast<int>(blockDim.x) / accesses;
  const int lane = static_cast<int>(threadIdx.x) / accesses, channel = static_cast<int>(threadIdx.x) % accesses * kSize;
  const std::int64_t row = blockIdx.x, width = sizes.width;
  const std::int64_t frame = source_of(row / sizes.height, job.front, job.frames);
  const std::int64_t line = source_of(row % sizes.height, job.side, job.height);
  const T* x = static_cast<const T*>(job.x) + (frame * job.height + line) * job.width * job.channels + channel;
  T* out = static_cast<T*>(job.out) + row * width * job.channels + channel;
  float2 factors[kSize];
  if (job.factors != nullptr) {
#pragma unroll
    for (int k = 0; k < kSize; ++k) factors[k] = job.factors[channel + k];
  }
  for (std::int64_t at = lane; at < width; at += kAtOnce * lanes) {
    Vector<T> part[kAtOnce];
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i)
      if (at + i * lanes < width) part[i] = load(x + source_of(at + i * lanes, job.side, job.width) * job.channels);
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i) {
      if (at + i * lanes >= width) continue;
      if (job.factors != nullptr) apply(part[i], factors, job.silu);
      store(out + (at + i * lanes) * job.channels, part[i]);
    }
  }
}

template <class T>
void launch(const Spread& job, cudaStream_t stream) {
  const auto accesses = static_cast<int>(job.channels / Vector<T>::kSize);
  const auto rows = static_cast<unsigned>(job.out_frames() * job.out_height());
  spread_kernel<T><<<rows, kThreads / accesses * accesses, 0, stream>>>(job, {job.out_height(), job.out_width()});
}

}  // namespace

void spread(const Spread& job, cudaStream_t stream) {
  if (job.type == Number::f32) return launch<float>(job, stream);
  launch<__nv_bfloat16>(job, stream);
}

}  // namespace pipedit::executor::kernels::cuda
