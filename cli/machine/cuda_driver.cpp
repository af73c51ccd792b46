#include "cli/machine/cuda_driver.h"

#include <array>

namespace pipedit::cli {

namespace {

constexpr int kMultiprocessors = 16;  // CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT

}  // namespace

CudaDriver::CudaDriver() : library_("libcuda.so.1") {
  if (!library_.call("cuInit", 0u) || !library_.call("cuDeviceGetCount", &count_)) count_ = 0;
}

int CudaDriver::version() const {
  int version = 0;
  library_.call("cuDriverGetVersion", &version);
  return version;
}

// A device's handle is its number.
std::string CudaDriver::bus(int device) const {
  std::array<char, 32> text{};
  const bool known = library_.call("cuDeviceGetPCIBusId", text.data(), static_cast<int>(text.size()), device);
  return known ? text.data() : "";
}

int CudaDriver::multiprocessors(int device) const {
  int count = 0;
  library_.call("cuDeviceGetAttribute", &count, kMultiprocessors, device);
  return count;
}

bool CudaDriver::can_access(int device, int other) const {
  int possible = 0;
  return library_.call("cuDeviceCanAccessPeer", &possible, device, other) && possible != 0;
}

}  // namespace pipedit::cli
