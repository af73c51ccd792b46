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

template <class T>
void launch(const PackedRows& job, cudaStream_t stream) {
  const dim3 block(32, kWarps);
  const dim3 grid(static_cast<unsigned>((job.count + kWarps - 1) / kWarps), static_cast<unsigned>(job.heads));
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
