#pragma once

#include <functional>

#include "executor/kernels/attention.h"
#include "executor/kernels/pack.h"
#include "executor/kernels/stream.h"
#include "executor/kernels/vae_decoder.h"
#include "executor/weights/random.h"

namespace pipedit::executor::kernels {

// The kernels of which a kind of device may have its own. Whatever is not here is LibTorch's, on any device.
struct KernelSet {
  std::function<void(std::span<const AttentionHeads>)> attention = attention_by_heads;
  decltype(&kernels::pack) pack = kernels::pack;
  decltype(&kernels::modulate) modulate = kernels::modulate;
  decltype(&kernels::gated_add) gated_add = kernels::gated_add;
  decltype(&kernels::mlp_up) mlp_up = kernels::mlp_up;
  decltype(&kernels::copy_slots) copy_slots = kernels::copy_slots;
  FillNormal fill_normal = executor::fill_normal;
  DecodeTile decode_tile = [](const WeightStore& weights, const models::VaeConfig& vae, const at::Tensor& latents) {
    return kernels::decode_tile(weights, vae, latents);
  };
};

}  // namespace pipedit::executor::kernels
