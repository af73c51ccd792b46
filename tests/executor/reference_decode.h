#pragma once

#include "executor/weights/weight_store.h"
#include "models/model.h"

namespace pipedit::executor::test {

// Frames [3, F, H, W] of latents [C, T, h, w] on one rank: tile by tile, each stretch of time blended when its tiles
// are there.
at::Tensor reference_decode(const WeightStore&, const models::VaeConfig&, const at::Tensor& latents);

}  // namespace pipedit::executor::test
