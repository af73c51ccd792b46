#pragma once

#include <filesystem>

namespace pipedit::cli {

// The shared object of FlashAttention-3: the chosen one, else that of the package fa3-fwd installed beside the LibTorch
// in use, else the one that set-up found. Empty where there is none, and where the first GPU is not a Hopper, which it
// is made for.
std::filesystem::path find_fa3_library(const std::filesystem::path& chosen);

}  // namespace pipedit::cli
