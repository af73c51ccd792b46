#include "executor/kernels/cuda/group_norm.h"
#include "executor/kernels/cuda/numbers.cuh"

namespace pipedit::executor::kernels::cuda {

namespace {

constexpr int kThreads = 512;
constexpr int kAtOnce = 4;              // loads under way together
constexpr unsigned kApplyBlocks = 128;  // of a group

static_assert(kBlocksOfGroup == 32, "a warp reads the sums of a group");

__device__ double2 warp_sum2(double2 value) {
  for (int distance = 16; distance > 0; distance /= 2) {
    value.x += __shfl_xor_sync(0xffffffffu, value.x, distance);
    value.y += __shfl_xor_sync(0xffffffffu, value.y, distance);
  }
  return value;
}

// Sums of a few numbers in fp32, of all in fp64: a group has millions.
template <class T>
__device__ void add(const Vector<T>& x, double2& total) {
  float sum = 0, squares = 0;
#pragma unroll
  for (int i = 0; i < Vector<T>::kSize; ++i) {
    const float value = wide(x.value[i]);
    sum += value;
    squares += value * value;
  }
  total.x += sum;
  total.y += squares;
}

template <class T>
__global__ void __launch_bounds__(kThreads) sum_kernel(GroupNormSilu job) {
  __shared__ double2 scratch[kThreads / 32];
  const std::int64_t vectors = job.channels / job.groups * job.space / Vector<T>::kSize;
  const T* x = static_cast<const T*>(job.x) + blockIdx.y * vectors * Vector<T>::kSize;
  const std::int64_t step = static_cast<std::int64_t>(kBlocksOfGroup) * kThreads;
  double2 total = {0, 0};
  for (std::int64_t at = blockIdx.x * kThreads + threadIdx.x; at < vectors; at += kAtOnce * step) {
    Vector<T> part[kAtOnce];
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i)
      if (at + i * step < vectors) part[i] = load(x + (at + i * step) * Vector<T>::kSize);
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i)
      if (at + i * step < vectors) add(part[i], total);
  }
  total = warp_sum2(total);
  if (threadIdx.x % 32 == 0) scratch[threadIdx.x / 32] = total;
  __syncthreads();
  if (threadIdx.x >= 32) return;
  total = warp_sum2(threadIdx.x < kThreads / 32 ? scratch[threadIdx.x] : double2{0, 0});
  if (threadIdx.x == 0) job.sums[blockIdx.y * kBlocksOfGroup + blockIdx.x] = total;
}

// Mean and one over the deviation of the block's group, for every thread.
__device__ float2 moments_of(const GroupNormSilu& job) {
  const double count = static_cast<double>(job.channels / job.groups * job.space);
  const double2 total = warp_sum2(job.sums[blockIdx.y * kBlocksOfGroup + threadIdx.x % 32]);
  const double mean = total.x / count, variance = total.y / count - mean * mean;
  return {static_cast<float>(mean), rsqrtf(fmaxf(static_cast<float>(variance), 0.0f) + job.eps)};
}

template <class T>
__global__ void __launch_bounds__(kThreads) apply_kernel(GroupNormSilu job) {
  constexpr int kSize = Vector<T>::kSize;
  const std::int64_t group_channels = job.channels / job.groups, channel_vectors = job.space / kSize;
  const std::int64_t vectors = group_channels * channel_vectors, first = blockIdx.y * vectors * kSize;
  const float2 moments = moments_of(job);
  const std::int64_t step = static_cast<std::int64_t>(gridDim.x) * kThreads;
  for (std::int64_t at = static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x; at < vectors; at += step) {
    Vector<T> x = load(static_cast<const T*>(job.x) + first + at * kSize);
    const std::int64_t channel = blockIdx.y * group_channels + at / channel_vectors;
    const float scale = wide(static_cast<const T*>(job.gain)[channel]) * moments.y;
    const float shift = wide(static_cast<const T*>(job.bias)[channel]) - moments.x * scale;
#pragma unroll
    for (int i = 0; i < kSize; ++i) {
      const float normed = wide(x.value[i]) * scale + shift;
      x.value[i] = narrow<T>(normed / (1 + expf(-normed)));
    }
    store(static_cast<T*>(job.out) + first + at * kSize, x);
  }
}

template <class T>
void launch(const GroupNormSilu& job, cudaStream_t stream) {
  const auto groups = static_cast<unsigned>(job.groups);
  sum_kernel<T><<<dim3(kBlocksOfGroup, groups), kThreads, 0, stream>>>(job);
  apply_kernel<T><<<dim3(kApplyBlocks, groups), kThreads, 0, stream>>>(job);
}

}  // namespace

void group_norm_silu(const GroupNormSilu& job, cudaStream_t stream) {
  if (job.type == Number::f32) return launch<float>(job, stream);
  launch<__nv_bfloat16>(job, stream);
}

}  // namespace pipedit::executor::kernels::cuda
