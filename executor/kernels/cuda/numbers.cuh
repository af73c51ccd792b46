#pragma once

#include <cuda_bf16.h>

namespace pipedit::executor::kernels::cuda {

template <class T>
__device__ inline float wide(T value) {
  return static_cast<float>(value);
}

template <class T>
__device__ inline T narrow(float value);
template <>
__device__ inline float narrow<float>(float value) {
  return value;
}
template <>
__device__ inline __nv_bfloat16 narrow<__nv_bfloat16>(float value) {
  return __float2bfloat16_rn(value);
}

// As many numbers as one access moves.
template <class T>
struct Vector {
  static constexpr int kSize = 16 / sizeof(T);
  union {
    uint4 bits;
    T value[kSize];
  };
  __device__ Vector() {}
};

template <class T>
__device__ inline Vector<T> load(const T* data) {
  Vector<T> vector;
  vector.bits = *reinterpret_cast<const uint4*>(data);
  return vector;
}

template <class T>
__device__ inline void store(T* data, const Vector<T>& vector) {
  *reinterpret_cast<uint4*>(data) = vector.bits;
}

__device__ inline float warp_sum(float value) {
  for (int distance = 16; distance > 0; distance /= 2) value += __shfl_xor_sync(0xffffffffu, value, distance);
  return value;
}

}  // namespace pipedit::executor::kernels::cuda
