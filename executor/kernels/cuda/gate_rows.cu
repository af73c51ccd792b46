#include "executor/kernels/cuda/numbers.cuh"
#include "executor/kernels/cuda/stream_rows.h"

namespace pipedit::executor::kernels::cuda {

namespace {

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

template <class T>
void launch(const GatedRows& job, cudaStream_t stream) {
  const std::int64_t vectors = job.width / Vector<T>::kSize;
  const auto blocks = static_cast<unsigned>((job.count + kRowsAtOnce - 1) / kRowsAtOnce);
  gate_kernel<T><<<blocks, static_cast<unsigned>((vectors + 31) / 32 * 32), 0, stream>>>(job);
}

}  // namespace

void add_gated_rows(const GatedRows& job, cudaStream_t stream) {
  if (job.count == 0) return;
  if (job.type == Number::f32) return launch<float>(job, stream);
  launch<__nv_bfloat16>(job, stream);
}

}  // namespace pipedit::executor::kernels::cuda
