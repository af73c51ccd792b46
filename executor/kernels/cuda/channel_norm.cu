#include <algorithm>

#include "executor/kernels/cuda/channel_norm.h"
#include "executor/kernels/cuda/numbers.cuh"

namespace pipedit::executor::kernels::cuda {

namespace {

constexpr int kThreads = 256;
constexpr int kAtOnce = 4;                 // positions of a thread whose loads are under way together
constexpr std::int64_t kMostBlocks = 528;  // four for each multiprocessor of an H100; on others the sums are the same
constexpr int kGroupThreads = 128;

static_assert(kMostAccesses <= kThreads);

// How a block is laid over positions: every thread keeps its own channels.
struct Layout {
  int accesses, lanes;  // of a position; positions side by side
};

Layout layout_of(Number type, std::int64_t channels) {
  const auto accesses = static_cast<int>(channels / (type == Number::f32 ? 4 : 8));
  return {accesses, kThreads / accesses};
}

// Sums of kAtOnce numbers in fp32, of all in fp64: a channel has millions.
template <class T>
struct Totals {
  static constexpr int kSize = Vector<T>::kSize;
  double sums[kSize] = {}, squares[kSize] = {};

  __device__ void add(const Vector<T> (&part)[kAtOnce], int count) {
#pragma unroll
    for (int k = 0; k < kSize; ++k) {
      float sum = 0, square = 0;
#pragma unroll
      for (int i = 0; i < kAtOnce; ++i) {
        const float value = i < count ? wide(part[i].value[k]) : 0;
        sum += value;
        square += value * value;
      }
      sums[k] += sum;
      squares[k] += square;
    }
  }
};

template <class T>
__device__ void add_to(Vector<T>& x, const Vector<T>& added, const float* bias) {
#pragma unroll
  for (int k = 0; k < Vector<T>::kSize; ++k) x.value[k] = narrow<T>(wide(x.value[k]) + wide(added.value[k]) + bias[k]);
}

template <class T>
__device__ void write_sums(const Totals<T>& totals, const ChannelSums& job, int lane, int lanes, int column) {
  constexpr int kSize = Vector<T>::kSize;
  __shared__ double2 scratch[kThreads * kSize];
  const int channels = static_cast<int>(job.channels);
#pragma unroll
  for (int k = 0; k < kSize; ++k) scratch[lane * channels + column * kSize + k] = {totals.sums[k], totals.squares[k]};
  __syncthreads();
  for (int channel = static_cast<int>(threadIdx.x); channel < channels; channel += static_cast<int>(blockDim.x)) {
    double2 total = {0, 0};
    for (int i = 0; i < lanes; ++i) {
      total.x += scratch[i * channels + channel].x;
      total.y += scratch[i * channels + channel].y;
    }
    job.sums[static_cast<std::int64_t>(blockIdx.x) * channels + channel] = total;
  }
}

enum class Mode { read, add, gather };

// Where a position's channels stand among the phases, in accesses of `channels` numbers.
__device__ std::int64_t place_of(const Phases& phases, int position) {
  const int column = position % (2 * phases.width), line = position / (2 * phases.width);
  const int row = line % (2 * phases.height), frame = line / (2 * phases.height);
  const int phase_in_space = row % 2 * 2 + column % 2;
  const int place = phases.time ? (frame + 1) / 2 : frame;
  const std::int64_t cell =
      (static_cast<std::int64_t>(place) * (phases.height + 1) + (row + 1) / 2) * (phases.width + 1) + (column + 1) / 2;
  return phases.time ? cell * 8 + frame % 2 * 4 + phase_in_space : cell * 4 + phase_in_space;
}

template <class T, Mode kMode>
__global__ void __launch_bounds__(kThreads) sum_kernel(const __grid_constant__ ChannelSums job) {
  constexpr int kSize = Vector<T>::kSize;
  const int accesses = static_cast<int>(job.channels) / kSize, lanes = static_cast<int>(blockDim.x) / accesses;
  const int lane = static_cast<int>(threadIdx.x) / accesses, column = static_cast<int>(threadIdx.x) % accesses;
  T* x = static_cast<T*>(job.x) + column * kSize;
  const T* other = static_cast<const T*>(kMode == Mode::gather ? job.phases.data : job.added) + column * kSize;
  float bias[kSize] = {};
  if (kMode == Mode::add && job.bias != nullptr)
    for (int k = 0; k < kSize; ++k) bias[k] = job.bias[column * kSize + k];
  const std::int64_t step = static_cast<std::int64_t>(gridDim.x) * lanes;
  Totals<T> totals;
  for (std::int64_t at = static_cast<std::int64_t>(blockIdx.x) * lanes + lane; at < job.positions;
       at += kAtOnce * step) {
    Vector<T> part[kAtOnce], added[kAtOnce];
    int count = 0;
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i) {
      const std::int64_t position = at + i * step;
      if (position >= job.positions) continue;
      part[i] = load(kMode == Mode::gather ? other + place_of(job.phases, static_cast<int>(position)) * job.channels
                                           : x + position * job.channels);
      if (kMode == Mode::add) added[i] = load(other + position * job.channels);
      count = i + 1;
    }
#pragma unroll
    for (int i = 0; i < kAtOnce; ++i) {
      if (i >= count || kMode == Mode::read) continue;
      if (kMode == Mode::add) add_to(part[i], added[i], bias);
      store(x + (at + i * step) * job.channels, part[i]);
    }
    totals.add(part, count);
  }
  write_sums(totals, job, lane, lanes, column);
}

__device__ double2 warp_sum2(double2 value) {
  for (int distance = 16; distance > 0; distance /= 2) {
    value.x += __shfl_xor_sync(0xffffffffu, value.x, distance);
    value.y += __shfl_xor_sync(0xffffffffu, value.y, distance);
  }
  return value;
}

// Over the block, for every thread.
__device__ double2 block_sum2(double2 value) {
  __shared__ double2 scratch[kGroupThreads / 32];
  value = warp_sum2(value);
  if (threadIdx.x % 32 == 0) scratch[threadIdx.x / 32] = value;
  __syncthreads();
  double2 total = {0, 0};
  for (const double2& part : scratch) {
    total.x += part.x;
    total.y += part.y;
  }
  return total;
}

// A block a group. With b added to each of n numbers of sum s and sum of squares q these are s + nb and q + 2bs + nb^2.
template <class T>
__global__ void __launch_bounds__(kGroupThreads) coefficients_kernel(const __grid_constant__ NormCoefficients job) {
  const int size = static_cast<int>(job.channels / job.groups), first = static_cast<int>(blockIdx.x) * size;
  const double positions = static_cast<double>(job.positions);
  double2 total = {0, 0};
  for (int i = static_cast<int>(threadIdx.x); i < job.blocks * size; i += kGroupThreads) {
    const int block = i / size, channel = first + i % size;
    const double2 part = job.sums[static_cast<std::int64_t>(block) * job.channels + channel];
    const double bias = job.bias != nullptr ? job.bias[channel] : 0, all = block == 0 ? positions * bias : 0;
    total.x += part.x + all;
    total.y += part.y + 2 * bias * part.x + all * bias;
  }
  total = block_sum2(total);
  const double count = positions * size, mean = total.x / count;
  const float variance = fmaxf(static_cast<float>(total.y / count - mean * mean), 0.0f);
  const float factor = rsqrtf(variance + job.eps);
  for (int i = static_cast<int>(threadIdx.x); i < size; i += kGroupThreads) {
    const int channel = first + i;
    const float scale = wide(static_cast<const T*>(job.gain)[channel]) * factor;
    const double centre = (job.bias != nullptr ? job.bias[channel] : 0) - mean;
    const float shift = wide(static_cast<const T*>(job.shift)[channel]);
    job.out[channel] = {scale, static_cast<float>(shift + centre * scale)};
  }
}

template <class T>
void launch(const ChannelSums& job, cudaStream_t stream) {
  const Layout layout = layout_of(job.type, job.channels);
  const int blocks = sum_blocks(job.type, job.positions, job.channels), threads = layout.accesses * layout.lanes;
  if (job.phases.data != nullptr)
    sum_kernel<T, Mode::gather><<<blocks, threads, 0, stream>>>(job);
  else if (job.added != nullptr)
    sum_kernel<T, Mode::add><<<blocks, threads, 0, stream>>>(job);
  else
    sum_kernel<T, Mode::read><<<blocks, threads, 0, stream>>>(job);
}

}  // namespace

int sum_blocks(Number type, std::int64_t positions, std::int64_t channels) {
  const std::int64_t each = static_cast<std::int64_t>(layout_of(type, channels).lanes) * kAtOnce;
  return static_cast<int>(std::min((positions + each - 1) / each, kMostBlocks));
}

void sum_channels(const ChannelSums& job, cudaStream_t stream) {
  if (job.type == Number::f32) return launch<float>(job, stream);
  launch<__nv_bfloat16>(job, stream);
}

void norm_coefficients(const NormCoefficients& job, cudaStream_t stream) {
  const auto groups = static_cast<unsigned>(job.groups);
  if (job.type == Number::f32)
    coefficients_kernel<float><<<groups, kGroupThreads, 0, stream>>>(job);
  else
    coefficients_kernel<__nv_bfloat16><<<groups, kGroupThreads, 0, stream>>>(job);
}

}  // namespace pipedit::executor::kernels::cuda
