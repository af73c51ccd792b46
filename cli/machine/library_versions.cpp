#include "cli/machine/library_versions.h"

#include <filesystem>

#include <fmt/format.h>

#include "cli/machine/shared_library.h"

namespace pipedit::cli {

namespace fs = std::filesystem;

namespace {

// NVIDIA's packages lie beside LibTorch's, each with a folder `lib`.
std::string path_of(const std::string& file) {
  std::error_code none;
  const fs::path torch = PIPEDIT_TORCH_DIR;
  if (torch.empty()) return file;
  for (const auto& package : fs::directory_iterator(torch.parent_path() / "nvidia", none))
    if (const fs::path library = package.path() / "lib" / file; fs::exists(library, none)) return library.string();
  const fs::path own = torch / "lib" / file;
  return fs::exists(own, none) ? own.string() : file;
}

std::string torch_version() {
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(fs::path(PIPEDIT_TORCH_DIR).parent_path(), none)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("torch-") && name.ends_with(".dist-info"))
      return name.substr(6, name.size() - 6 - std::string(".dist-info").size());
  }
  return "";
}

}  // namespace

std::string cudnn_version(std::size_t number) {
  const std::size_t major = number >= 90000 ? 10000 : 1000;  // four digits behind the first up to 8, then five
  return fmt::format("{}.{}.{}", number / major, number % major / 100, number % 100);
}

std::string nccl_version(int number) {
  return fmt::format("{}.{}.{}", number / 10000, number % 10000 / 100, number % 100);
}

std::string cuda_version(int number) { return fmt::format("{}.{}", number / 1000, number % 1000 / 10); }

std::vector<std::pair<std::string, std::string>> library_versions() {
  std::vector<std::pair<std::string, std::string>> versions;
  if (const std::string torch = torch_version(); !torch.empty()) versions.emplace_back("LibTorch", torch);
  int cuda = 0, nccl = 0;
  if (const SharedLibrary runtime(path_of("libcudart.so.13")); runtime.call("cudaRuntimeGetVersion", &cuda))
    versions.emplace_back("CUDA", cuda_version(cuda));
  if (const SharedLibrary library(path_of("libcudnn.so.9")); library.is_open())
    versions.emplace_back("cuDNN", cudnn_version(library.value<std::size_t>("cudnnGetVersion")));
  if (const SharedLibrary library(path_of("libnccl.so.2")); library.call("ncclGetVersion", &nccl))
    versions.emplace_back("NCCL", nccl_version(nccl));
  std::error_code none;
  if (fs::exists(fs::path(PIPEDIT_TORCH_DIR).parent_path() / "fa3_fwd" / "_C.abi3.so", none))
    versions.emplace_back("FlashAttention-3", "fa3-fwd beside LibTorch");
  return versions;
}

}  // namespace pipedit::cli
