#include "cli/module/fa3_library.h"

#include <dlfcn.h>

#include <c10/core/Allocator.h>
#include <cuda_runtime_api.h>

namespace pipedit::cli {

namespace {

constexpr int kHopper = 9;  // compute capability

bool first_gpu_is_hopper() {
  int major = 0;
  return cudaDeviceGetAttribute(&major, cudaDevAttrComputeCapabilityMajor, 0) == cudaSuccess && major == kHopper;
}

// SITE/torch/lib/libc10.so: the packages beside LibTorch lie in SITE.
std::filesystem::path site_packages() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<void*>(&c10::GetAllocator), &info) == 0 || info.dli_fname == nullptr) return {};
  std::error_code ignored;
  const auto library = std::filesystem::canonical(info.dli_fname, ignored);
  return library.parent_path().parent_path().parent_path();
}

}  // namespace

std::filesystem::path find_fa3_library(const std::filesystem::path& chosen) {
  if (!chosen.empty()) return chosen;
  if (!first_gpu_is_hopper()) return {};
  std::error_code ignored;
  for (const std::filesystem::path& found :
       {site_packages() / "fa3_fwd" / "_C.abi3.so", std::filesystem::path(PIPEDIT_FA3)})
    if (!found.empty() && std::filesystem::exists(found, ignored)) return found;
  return {};
}

}  // namespace pipedit::cli
