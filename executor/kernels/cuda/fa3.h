#pragma once

#include <filesystem>
#include <functional>

#include "executor/kernels/attention.h"

namespace pipedit::executor::kernels::cuda {

// FlashAttention-3 from the shared object of the package fa3-fwd, which registers its operators with LibTorch when it
// is opened and stays open. The result is written in place. Throws InputError, naming the file, where it cannot be
// opened.
std::function<void(const AttentionHeads&, double scale)> open_fa3(const std::filesystem::path& library);

}  // namespace pipedit::executor::kernels::cuda
