#include "tests/executor/reference_decode.h"

#include <vector>

#include <ATen/ops/cat.h>

#include "executor/kernels/blend.h"
#include "executor/kernels/vae_decoder.h"

namespace pipedit::executor::test {

namespace {

at::Tensor box(const at::Tensor& latents, const models::hunyuanvideo::Tile& tile) {
  return latents.narrow(1, tile.t.begin, tile.t.size())
      .narrow(2, tile.y.begin, tile.y.size())
      .narrow(3, tile.x.begin, tile.x.size());
}

}  // namespace

at::Tensor reference_decode(const WeightStore& weights, const models::VaeConfig& vae, const at::Tensor& latents) {
  const auto plan = models::hunyuanvideo::tile_plan(vae, latents.size(1), latents.size(2), latents.size(3));
  std::vector<at::Tensor> frames;
  at::Tensor tail;
  for (const auto& layer : plan.layers) {
    std::vector<at::Tensor> tiles;
    for (std::int64_t i = 0; i < layer.rows * layer.columns; ++i) {
      const auto& tile = plan.tiles[static_cast<std::size_t>(layer.first_tile + i)];
      tiles.push_back(kernels::decode_tile(weights, vae, box(latents, tile)));
    }
    kernels::BlendedLayer blended = kernels::blend_layer(vae, layer, tiles, tail);
    frames.push_back(blended.frames);
    tail = blended.tail;
  }
  return at::cat(frames, 1);
}

}  // namespace pipedit::executor::test
