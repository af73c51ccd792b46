#pragma once

#include "executor/kernels/cuda/numbers.cuh"
#include "executor/kernels/cuda/stream_rows.h"

namespace pipedit::executor::kernels::cuda {

constexpr int kHoldingThreads = 128, kHoldingWarps = kHoldingThreads / 32;  // of a block

// The sum over the block of each row's value, for every thread.
template <int kRows>
__device__ void block_sums(float (&values)[kRows], float (&scratch)[kHoldingWarps][kRows]) {
#pragma unroll
  for (int row = 0; row < kRows; ++row) {
    values[row] = warp_sum(values[row]);
    if (threadIdx.x % 32 == 0) scratch[threadIdx.x / 32][row] = values[row];
  }
  __syncthreads();
#pragma unroll
  for (int row = 0; row < kRows; ++row) {
    values[row] = 0;
    for (const auto& warp : scratch) values[row] += warp[row];
  }
}

// Some rows, of which a thread holds every kHoldingThreads-th access, as they came, between its one reading and its one
// writing.
template <int kRows, int kVectors>
struct HeldRows {
  using T = __nv_bfloat16;
  static constexpr int kSize = Vector<T>::kSize;
  Vector<T> x[kRows][kVectors];
  float mean[kRows], factor[kRows];

  static __device__ int at(int i) { return (static_cast<int>(threadIdx.x) + i * kHoldingThreads) * kSize; }

  // What lies behind a row's end counts as zeros; rows behind the last are the last again.
  __device__ void read(const ModulatedRows& job, std::int64_t first) {
#pragma unroll
    for (int row = 0; row < kRows; ++row) {
      const std::int64_t source = first + row < job.count ? first + row : job.count - 1;
      const T* in = static_cast<const T*>(job.x.data) + source * job.x.stride;
#pragma unroll
      for (int i = 0; i < kVectors; ++i) {
        if (at(i) < job.width)
          x[row][i] = load(in + at(i));
        else
          x[row][i].bits = {0, 0, 0, 0};
      }
    }
  }

  __device__ void moments(const ModulatedRows& job) {
    __shared__ float sums[kHoldingWarps][kRows], squares[kHoldingWarps][kRows];
    const float width = static_cast<float>(job.width);
#pragma unroll
    for (int row = 0; row < kRows; ++row) {
      mean[row] = 0;
#pragma unroll
      for (int i = 0; i < kVectors; ++i)
#pragma unroll
        for (int k = 0; k < kSize; ++k) mean[row] += wide(x[row][i].value[k]);
    }
    block_sums(mean, sums);
#pragma unroll
    for (int row = 0; row < kRows; ++row) {
      mean[row] /= width;
      factor[row] = 0;
#pragma unroll
      for (int i = 0; i < kVectors; ++i)
#pragma unroll
        for (int k = 0; k < kSize; ++k) {
          const float centred = wide(x[row][i].value[k]) - mean[row];
          if (at(i) < job.width) factor[row] = fmaf(centred, centred, factor[row]);
        }
    }
    block_sums(factor, squares);
#pragma unroll
    for (int row = 0; row < kRows; ++row) factor[row] = rsqrtf(factor[row] / width + job.eps);
  }

  __device__ void write(const ModulatedRows& job, std::int64_t first) {
#pragma unroll
    for (int i = 0; i < kVectors; ++i) {
      if (at(i) >= job.width) continue;
      const Vector<T> shift = load(static_cast<const T*>(job.shift) + at(i));
      const Vector<T> scale = load(static_cast<const T*>(job.scale) + at(i));
#pragma unroll
      for (int row = 0; row < kRows; ++row) {
        if (first + row >= job.count) continue;
        Vector<T>& out = x[row][i];
#pragma unroll
        for (int k = 0; k < kSize; ++k)
          out.value[k] = narrow<T>(fmaf(__fmul_rn(wide(out.value[k]) - mean[row], factor[row]),
                                        1 + wide(scale.value[k]), wide(shift.value[k])));
        store(static_cast<T*>(job.out.data) + (first + row) * job.out.stride + at(i), out);
      }
    }
  }
};

}  // namespace pipedit::executor::kernels::cuda
