#pragma once

#include <functional>

#include "executor/kernels/attention.h"
#include "executor/kernels/pack.h"
#include "executor/kernels/stream.h"
#include "executor/kernels/vae_decoder.h"

namespace pipedit::executor::kernels {

// The kernels of which a kind of device may have its own. Whatever is not here is LibTorch's, on any device.
struct KernelSet {
  std::function<void(std::span<const AttentionHeads>)> attention = attention_by_heads;
  decltype(&kernels::pack) pack = kernels::pack;
  decltype(&kernels::modulate) modulate = kernels::modulate;
  decltype(&kernels::gated_add) gated_add = kernels::gated_add;
  decltype(&kernels::mlp_up) mlp_up = kernels::mlp_up;
  DecodeTile decode_tile = [](const WeightStore& weights, const models::VaeConfig& vae, const at::Tensor& latents) {
    return kernels::decode_tile(weights, vae, latents);
  };
};

}  // namespace pipedit::executor::kernels
