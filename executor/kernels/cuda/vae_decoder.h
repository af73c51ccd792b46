#pragma once

#include "executor/kernels/vae_decoder.h"

namespace pipedit::executor::kernels::cuda {

// kernels::decode_tile with channels innermost, on the current stream; for latents and weights on a GPU.
at::Tensor decode_tile(const WeightStore&, const models::VaeConfig&, const at::Tensor& latents);

// The same on a thread of its own for each GPU, which lasts as long as what is returned (lasting_thread.h says why).
DecodeTile decode_tile_on_lasting_threads();

}  // namespace pipedit::executor::kernels::cuda
