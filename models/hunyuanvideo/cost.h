#pragma once

#include <cstdint>

#include "core/units.h"
#include "models/model.h"

// Work inside operations that are not one product or one attention, counted from the architecture; a multiply-add is
// two.
namespace pipedit::models::hunyuanvideo {

Flops refine_constants_work(const DitConfig&, std::int64_t text_rows);
Flops refine_work(const DitConfig&, std::int64_t text_rows);

// Decoding one tile of t x h x w latents with numbers of `element` bytes.
struct TileCost {
  Flops work;       // convolutions, linear layers and the middle's attention
  Bytes moved;      // activations in and out of every convolution and norm
  Bytes workspace;  // the activations alive at once where they are largest, as GPUs decode
};
TileCost tile_cost(const VaeConfig&, std::int64_t t, std::int64_t h, std::int64_t w, std::int64_t element);

}  // namespace pipedit::models::hunyuanvideo
