#include <bit>

#include "executor/kernels/cuda/numbers.cuh"
#include "executor/kernels/cuda/pack_rows.h"

namespace pipedit::executor::kernels::cuda {

namespace {

constexpr int kWarps = 8;  // of a block

// A warp a row and head; a lane holds the pairs lane, lane + 32, ..
template <class T, int kPairs>
__global__ void pack_kernel(const __grid_constant__ PackedRows job) {
  const std::int64_t row = static_cast<std::int64_t>(blockIdx.x) * kWarps + threadIdx.y;
  if (row >= job.count) return;
  const PackedRows::Head& head = job.head[blockIdx.y];
  const T* in = static_cast<const T*>(job.rows) + row * job.row_stride + head.source;
  T* out = static_cast<T*>(head.out) + row * head.row_stride;
  const int pairs = static_cast<int>(job.dim / 2), lane = static_cast<int>(threadIdx.x);
  float a[kPairs], b[kPairs];
  float squares = 0;
#pragma unroll
  for (int i = 0; i < kPairs; ++i) {
    const int pair = lane + 32 * i;
    const bool has = pair < pairs;
    a[i] = has ? wide(in[2 * pair]) : 0;
    b[i] = has ? wide(in[2 * pair + 1]) : 0;
    squares += a[i] * a[i] + b[i] * b[i];
  }
  if (job.gain != nullptr) {
    const float factor = rsqrtf(warp_sum(squares) / static_cast<float>(job.dim) + job.eps);
    const T* gain = static_cast<const T*>(job.gain);
#pragma unroll
    for (int i = 0; i < kPairs; ++i) {
      const int pair = lane + 32 * i;
      if (pair >= pairs) break;
      a[i] = wide(narrow<T>(wide(narrow<T>(a[i] * factor)) * wide(gain[2 * pair])));
      b[i] = wide(narrow<T>(wide(narrow<T>(b[i] * factor)) * wide(gain[2 * pair + 1])));
    }
  }
#pragma unroll
  for (int i = 0; i < kPairs; ++i) {
    const int pair = lane + 32 * i;
    if (pair >= pairs) break;
    float x = a[i], y = b[i];
    if (job.cos != nullptr) {
      const float c = job.cos[row * pairs + pair], s = job.sin[row * pairs + pair];
      x = a[i] * c - b[i] * s;
      y = b[i] * c + a[i] * s;
    }
    out[2 * pair] = narrow<T>(x);
    out[2 * pair + 1] = narrow<T>(y);
  }
}

constexpr int kThreads = 256;
constexpr int kHeadsAtOnce = 4;  // whose loads are under way together

__device__ float group_sum(float value, int lanes) {
  for (int distance = lanes / 2; distance > 0; distance /= 2) value += __shfl_xor_sync(0xffffffffu, value, distance);
  return value;
}

template <class T>
__device__ void norm(Vector<T>& x, const Vector<T>& gain, const PackedRows& job, int lanes) {
  float squares = 0;
#pragma unroll
  for (int i = 0; i < Vector<T>::kSize; ++i) squares += wide(x.value[i]) * wide(x.value[i]);
  const float factor = rsqrtf(group_sum(squares, lanes) / static_cast<float>(job.dim) + job.eps);
#pragma unroll
  for (int i = 0; i < Vector<T>::kSize; ++i)
    x.value[i] = narrow<T>(wide(narrow<T>(wide(x.value[i]) * factor)) * wide(gain.value[i]));
}

template <class T>
__device__ void turn(Vector<T>& x, const float* cos, const float* sin) {
#pragma unroll
  for (int pair = 0; pair < Vector<T>::kSize / 2; ++pair) {
    const float a = wide(x.value[2 * pair]), b = wide(x.value[2 * pair + 1]);
    x.value[2 * pair] = narrow<T>(a * cos[pair] - b * sin[pair]);
    x.value[2 * pair + 1] = narrow<T>(b * cos[pair] + a * sin[pair]);
  }
}

// dim / (16 bytes) lanes a row, a power of two of them; a row's angles serve all of its heads. Every lane of a warp
// takes part in the sums, so what lies behind the last row computes the last one again and is not written.
template <class T>
__global__ void __launch_bounds__(kThreads) pack_wide_kernel(const __grid_constant__ PackedRows job) {
  constexpr int kSize = Vector<T>::kSize, kPairs = kSize / 2;
  const int lanes = static_cast<int>(job.dim) / kSize, lane = static_cast<int>(threadIdx.x) % lanes;
  const std::int64_t mine = (static_cast<std::int64_t>(blockIdx.x) * kThreads + threadIdx.x) / lanes;
  const bool has = mine < job.count;
  const std::int64_t row = has ? mine : job.count - 1;
  const T* in = static_cast<const T*>(job.rows) + row * job.row_stride + lane * kSize;
  float cos[kPairs], sin[kPairs];
  if (job.cos != nullptr) {
#pragma unroll
    for (int i = 0; i < kPairs; ++i) {
      cos[i] = job.cos[row * (job.dim / 2) + lane * kPairs + i];
      sin[i] = job.sin[row * (job.dim / 2) + lane * kPairs + i];
    }
  }
  Vector<T> gain;
  if (job.gain != nullptr) gain = load(static_cast<const T*>(job.gain) + lane * kSize);
  const int first = static_cast<int>(blockIdx.y) * kHeadsAtOnce;
  Vector<T> x[kHeadsAtOnce];
#pragma unroll
  for (int i = 0; i < kHeadsAtOnce; ++i)
    if (first + i < job.heads) x[i] = load(in + job.head[first + i].source);
#pragma unroll
  for (int i = 0; i < kHeadsAtOnce; ++i) {
    if (first + i >= job.heads) break;
    if (job.gain != nullptr) norm(x[i], gain, job, lanes);
    if (job.cos != nullptr) turn(x[i], cos, sin);
    const PackedRows::Head& head = job.head[first + i];
    if (has) store(static_cast<T*>(head.out) + row * head.row_stride + lane * kSize, x[i]);
  }
}

bool divides(const void* data, std::int64_t stride, std::int64_t size) {
  return reinterpret_cast<std::uintptr_t>(data) % 16 == 0 && stride * size % 16 == 0;
}

template <class T>
bool takes_wide(const PackedRows& job) {
  const std::int64_t size = sizeof(T), lanes = job.dim * size / 16;
  if (job.dim * size % 16 != 0 || lanes > 32 || !std::has_single_bit(static_cast<std::uint64_t>(lanes))) return false;
  bool wide = divides(job.rows, job.row_stride, size) && divides(job.gain, 0, size);
  for (int i = 0; i < job.heads; ++i)
    wide = wide && divides(job.head[i].out, job.head[i].row_stride, size) && job.head[i].source * size % 16 == 0;
  return wide;
}

unsigned blocks_of(std::int64_t items, std::int64_t each) { return static_cast<unsigned>((items + each - 1) / each); }

template <class T>
void launch(const PackedRows& job, cudaStream_t stream) {
  if (takes_wide<T>(job)) {
    const std::int64_t lanes = job.dim / Vector<T>::kSize;
    const dim3 grid(blocks_of(job.count * lanes, kThreads), blocks_of(job.heads, kHeadsAtOnce));
    return pack_wide_kernel<T><<<grid, kThreads, 0, stream>>>(job);
  }
  const dim3 block(32, kWarps);
  const dim3 grid(blocks_of(job.count, kWarps), static_cast<unsigned>(job.heads));
  if (job.dim <= 64)
    pack_kernel<T, 1><<<grid, block, 0, stream>>>(job);
  else if (job.dim <= 128)
    pack_kernel<T, 2><<<grid, block, 0, stream>>>(job);
  else
    pack_kernel<T, 4><<<grid, block, 0, stream>>>(job);
}

}  // namespace

void pack_rows(const PackedRows& job, cudaStream_t stream) {
  if (job.count == 0 || job.heads == 0) return;
  if (job.type == Number::f32) return launch<float>(job, stream);
  launch<__nv_bfloat16>(job, stream);
}

}  // namespace pipedit::executor::kernels::cuda
