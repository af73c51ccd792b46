#pragma once

#include <functional>
#include <string_view>

#include "executor/weights/weight_store.h"
#include "models/model.h"

namespace pipedit::executor::kernels {

// Sees what a named part of the decoder computed: "post_quant_conv", "conv_in", "mid_block.resnets.0",
// "mid_block.attentions.0", "mid_block", "up_blocks.0" ..
using Observer = std::function<void(std::string_view part, const at::Tensor&)>;

// Frames [3, 4T-3, 8h, 8w] of one tile of latents [C, T, h, w], which are divided by the scaling factor first.
// Before the mapping to pixels (to_pixels). In the dtype of the weights.
at::Tensor decode_tile(const WeightStore&, const models::VaeConfig&, const at::Tensor& latents,
                       const Observer& observer = {});

// What a kind of device may do in its own way: decode_tile without an observer.
using DecodeTile = std::function<at::Tensor(const WeightStore&, const models::VaeConfig&, const at::Tensor& latents)>;

// clamp(y / 2 + 1/2, 0, 1).
at::Tensor to_pixels(const at::Tensor& frames);

}  // namespace pipedit::executor::kernels
