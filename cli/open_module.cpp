#include "cli/open_module.h"

#include <dlfcn.h>

#include <filesystem>

#include <fmt/format.h>

#include "core/error.h"

namespace pipedit::cli {

void* module_symbol(const char* name) {
  namespace fs = std::filesystem;
  const fs::path file =
      (fs::read_symlink("/proc/self/exe").parent_path() / "../lib/libpipedit_run.so").lexically_normal();
  if (!fs::exists(file)) throw Error(fmt::format("{}: not there; this build has no LibTorch", file.string()));
  void* module = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  void* symbol = module != nullptr ? dlsym(module, name) : nullptr;
  if (symbol == nullptr) throw Error(fmt::format("{}: cannot be loaded: {}", file.string(), dlerror()));
  return symbol;
}

}  // namespace pipedit::cli
