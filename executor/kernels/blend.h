#pragma once

#include <span>

#include <ATen/core/Tensor.h>

#include "models/hunyuanvideo/tiling.h"

namespace pipedit::executor::kernels {

struct BlendedLayer {
  at::Tensor frames;  // [3, f, H, W]: those that the layer yields
  at::Tensor tail;    // [3, e, H, W]: its last decoded frames, which the next layer is mixed with
};

// Mixes one stretch of time. `tiles` are its decoded tiles [3, f, y, x], row by row, as the decoder gave them (with the
// frames to be dropped); they are overwritten. `previous_tail` is that of the layer before, undefined for the first.
// Each tile is mixed with its upper neighbour, then with its left one, both already mixed; then the layer with the
// tail.
BlendedLayer blend_layer(const models::VaeConfig&, const models::hunyuanvideo::TileLayer&, std::span<at::Tensor> tiles,
                         const at::Tensor& previous_tail);

}  // namespace pipedit::executor::kernels
