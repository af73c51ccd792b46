#include "executor/backends/cuda/cuda_memory.h"

#include <cstring>

#include <c10/core/AllocatorConfig.h>
#include <fmt/format.h>

#include "core/error.h"
#include "executor/backends/cuda/check.h"

namespace pipedit::executor {

namespace {

constexpr int kNaN = 0xFF;  // all bits set is a NaN in f32 and in bf16

void check_allocation(cudaError_t status, const char* kind, Bytes size) try { check(status); } catch (Error& error) {
  error.add_context(fmt::format("{} memory of {} bytes", kind, size.value));
  throw;
}

}  // namespace

void FreeDevice::operator()(std::byte* data) const noexcept { cudaFree(data); }
void FreePinned::operator()(std::byte* data) const noexcept { cudaFreeHost(data); }

DeviceMemory device_memory(int device, Bytes size, bool poison) {
  if (size.value == 0) return {};
  const OnDevice here(device);
  void* data = nullptr;
  check_allocation(cudaMalloc(&data, static_cast<std::size_t>(size.value)), "device", size);
  DeviceMemory memory(static_cast<std::byte*>(data));
  check(cudaMemset(data, poison ? kNaN : 0, static_cast<std::size_t>(size.value)));
  check(cudaDeviceSynchronize());  // filled before streams that know nothing of this one's write to it
  return memory;
}

PinnedMemory pinned_memory(Bytes size, bool poison) {
  if (size.value == 0) return {};
  void* data = nullptr;
  check_allocation(cudaHostAlloc(&data, static_cast<std::size_t>(size.value), cudaHostAllocPortable), "pinned", size);
  PinnedMemory memory(static_cast<std::byte*>(data));
  std::memset(data, poison ? kNaN : 0, static_cast<std::size_t>(size.value));
  return memory;
}

void let_segments_grow() {
  if (c10::CachingAllocator::getAllocatorSettings().empty())
    c10::CachingAllocator::setAllocatorSettings("expandable_segments:True");
}

}  // namespace pipedit::executor
