#include "executor/kernels/cuda/normals.h"
#include "executor/kernels/cuda/numbers.cuh"

namespace pipedit::executor::kernels::cuda {

namespace {

constexpr int kThreads = 256;
constexpr int kRounds = 10;

// Philox4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011).
__device__ uint4 philox(uint4 counter, uint2 key) {
  for (int round = 0; round < kRounds; ++round) {
    const unsigned high_x = __umulhi(0xD2511F53u, counter.x), low_x = 0xD2511F53u * counter.x;
    const unsigned high_z = __umulhi(0xCD9E8D57u, counter.z), low_z = 0xCD9E8D57u * counter.z;
    counter = {high_z ^ counter.y ^ key.x, low_z, high_x ^ counter.w ^ key.y, low_x};
    key.x += 0x9E3779B9u;
    key.y += 0xBB67AE85u;
  }
  return counter;
}

__device__ float2 normal_pair(unsigned first, unsigned second) {
  const float u = (static_cast<float>(first >> 8) + 0.5f) * 0x1p-24f;
  const float turn = static_cast<float>(second >> 8) * 0x1p-24f;
  const float radius = sqrtf(-2 * logf(u));
  float sine = 0, cosine = 0;
  sincospif(2 * turn, &sine, &cosine);
  return {radius * cosine, radius * sine};
}

template <class T>
__global__ void fill_kernel(Normals job) {
  const long long counter = static_cast<long long>(blockIdx.x) * kThreads + threadIdx.x;
  if (4 * counter >= job.count) return;
  const uint4 place = {static_cast<unsigned>(counter), static_cast<unsigned>(counter >> 32),
                       static_cast<unsigned>(job.stream), static_cast<unsigned>(job.stream >> 32)};
  const uint4 words = philox(place, {static_cast<unsigned>(job.seed), static_cast<unsigned>(job.seed >> 32)});
  const float2 first = normal_pair(words.x, words.y), second = normal_pair(words.z, words.w);
  const float values[4] = {first.x, first.y, second.x, second.y};
  for (int i = 0; i < 4 && 4 * counter + i < job.count; ++i)
    static_cast<T*>(job.out)[4 * counter + i] =
        narrow<T>(static_cast<float>(job.mean + job.deviation * static_cast<double>(values[i])));
}

}  // namespace

void fill_normals(const Normals& job, cudaStream_t stream) {
  if (job.count == 0) return;
  const auto blocks = static_cast<unsigned>(((job.count + 3) / 4 + kThreads - 1) / kThreads);
  if (job.type == Number::f32)
    fill_kernel<float><<<blocks, kThreads, 0, stream>>>(job);
  else
    fill_kernel<__nv_bfloat16><<<blocks, kThreads, 0, stream>>>(job);
}

}  // namespace pipedit::executor::kernels::cuda
