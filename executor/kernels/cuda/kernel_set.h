#pragma once

#include <filesystem>
#include <string>

#include "executor/kernels/kernel_set.h"

namespace pipedit::executor::kernels::cuda {

struct KernelOptions {
  std::string attention = "auto";          // attention.h names them
  std::filesystem::path fa3_library = {};  // empty: there is none
};

// Own kernels for fp32 and bf16 rows of up to 16 KiB; whatever they do not take is LibTorch's.
KernelSet kernel_set(at::ScalarType, const KernelOptions& = {});

// executor/weights/random.h's fill_normal for a tensor on a GPU, on the current stream.
void fill_normal(at::Tensor& out, std::uint64_t seed, std::string_view name, double mean, double deviation);

}  // namespace pipedit::executor::kernels::cuda
