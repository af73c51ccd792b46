#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "executor/kernels/attention.h"

namespace pipedit::executor::kernels::cuda {

using Attention = std::function<void(std::span<const AttentionHeads>)>;

// A kernel by the name that a plan gives it:
//   fa3        FlashAttention-3, for Hopper GPUs; `fa3_library` is the shared object of the package fa3-fwd
//   cudnn      cuDNN's
//   fa2        FlashAttention-2, as LibTorch carries it
//   reference  products and softmax of LibTorch, tile by tile, in fp32; slow
//   auto       fa3 where its library is given, else cudnn; in fp32, which only `reference` computes, that one
// All but `reference` work in bf16. With `fa3` and `reference` the bits of a row depend on its own tile of 128 query
// rows, k and v alone; cudnn and fa2 choose how to sum by the sizes of a call. Throws InputError for another name, or
// where the library cannot be opened.
Attention find_attention(const std::string& name, at::ScalarType, const std::filesystem::path& fa3_library);

}  // namespace pipedit::executor::kernels::cuda
