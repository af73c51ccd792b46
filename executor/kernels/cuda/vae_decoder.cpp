#include "executor/kernels/cuda/vae_decoder.h"

#include <memory>

#include "executor/kernels/cuda/lasting_thread.h"
#include "executor/kernels/cuda/vae_layers.h"
#include "executor/kernels/vae_walk.h"

namespace pipedit::executor::kernels::cuda {

at::Tensor decode_tile(const WeightStore& weights, const models::VaeConfig& config, const at::Tensor& latents) {
  if (!VaeLayers::take(weights, config)) return kernels::decode_tile(weights, config, latents);
  const VaeLayers layers(weights, config);
  const auto unseen = [](std::string_view, const Activation&) {};
  return layers.leave(walk_decoder(layers, config, layers.enter(latents), unseen));
}

DecodeTile decode_tile_on_lasting_threads() {
  return [threads = std::make_shared<LastingThreads>()](const WeightStore& weights, const models::VaeConfig& config,
                                                        const at::Tensor& latents) {
    at::Tensor frames;
    threads->run(latents.device(), [&] { frames = decode_tile(weights, config, latents); });
    return frames;
  };
}

}  // namespace pipedit::executor::kernels::cuda
