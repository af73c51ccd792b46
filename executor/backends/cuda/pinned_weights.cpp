#include "executor/backends/cuda/pinned_weights.h"

#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAGuard.h>
#include <fmt/format.h>

#include "core/error.h"
#include "executor/backends/cuda/check.h"
#include "executor/backends/cuda/cuda_memory.h"
#include "executor/kernels/cuda/kernel_set.h"
#include "executor/weights/load.h"
#include "executor/weights/random.h"

namespace pipedit::executor {

// Not pinned_memory(), which writes to all of it: weights are gigabytes, and are filled at once.
HostMemory pinned_host_memory(Bytes size) try {
  void* data = nullptr;
  check(cudaHostAlloc(&data, static_cast<std::size_t>(size.value), cudaHostAllocPortable));
  return {static_cast<std::byte*>(data), FreePinned{}};
} catch (Error& error) {
  error.add_context(fmt::format("pinned memory of {} bytes for weights", size.value));
  throw;
}

WeightStore pinned_weights(const std::filesystem::path& path, const std::vector<models::WeightSpec>& specs,
                           at::ScalarType dtype, const EachWeight& each) {
  WeightStore store = packed_weights(specs, dtype, pinned_host_memory);
  load_weights_into(store, path, specs, each);
  return store;
}

WeightStore pinned_random_weights(const std::vector<models::WeightSpec>& specs, std::uint64_t seed,
                                  at::ScalarType dtype, int gpu, const EachWeight& each) {
  WeightStore store = packed_weights(specs, dtype, pinned_host_memory);
  const c10::cuda::CUDAGuard here(static_cast<c10::DeviceIndex>(gpu));
  const at::Device device(at::kCUDA, static_cast<at::DeviceIndex>(gpu));
  draw_weights_into(store, specs, seed, at::TensorOptions(dtype).device(device), kernels::cuda::fill_normal, each);
  check(cudaDeviceSynchronize());
  // No plan counts what the drawing took, and it is gone before a program's memory is there.
  c10::cuda::CUDACachingAllocator::emptyCache();
  c10::cuda::CUDACachingAllocator::resetPeakStats(static_cast<c10::DeviceIndex>(gpu));
  return store;
}

}  // namespace pipedit::executor
