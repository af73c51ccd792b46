#include "executor/kernels/blend.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/round.h>

#include "executor/kernels/vae_decoder.h"
#include "executor/ops/operations.h"
#include "executor/ops/tensors.h"

namespace pipedit::executor::ops {

namespace {

using models::hunyuanvideo::TileLayer;
using models::hunyuanvideo::TilePlan;

constexpr std::int64_t kColours = 3;

// [3, frames, height, width] in the first rows and elements of a region of colour planes.
at::Tensor planes(const View& view, std::int64_t frames, std::int64_t height, std::int64_t width) {
  return matrix(view)
      .narrow(0, 0, kColours * frames)
      .narrow(1, 0, height * width)
      .unflatten(1, {height, width})
      .unflatten(0, {kColours, frames});
}

std::vector<at::Tensor> tiles_of(const OpContext& context, const TilePlan& plan, const TileLayer& layer) {
  std::vector<at::Tensor> tiles;
  for (std::int64_t i = 0; i < layer.rows * layer.columns; ++i) {
    const auto& tile = plan.tiles[static_cast<std::size_t>(layer.first_tile + i)];
    const std::int64_t frames = models::hunyuanvideo::decoded_frames(tile.t.size());
    tiles.push_back(planes(context.reads[static_cast<std::size_t>(i)], frames,
                           tile.y.size() * models::kSpaceCompression, tile.x.size() * models::kSpaceCompression)
                        .clone());  // mixing overwrites them, and an operation does not write what it reads
  }
  return tiles;
}

std::int64_t tail_frames(const models::VaeConfig& vae, const TileLayer& layer) {
  return std::min(layer.decoded, models::hunyuanvideo::time_tiling(vae).blend);
}

at::Tensor previous_tail(const OpContext& context, const TilePlan& plan, std::size_t layer) {
  if (layer == 0) return {};
  const std::int64_t frames = tail_frames(context.job.model->vae, plan.layers[layer - 1]);
  return planes(context.reads.back(), frames, plan.height, plan.width);
}

void write_pixels(const at::Tensor& frames, const View& out) {
  const at::Tensor pixels = at::round(kernels::to_pixels(frames.to(at::kFloat)) * 255);
  const at::Tensor bytes = pixels.permute({1, 2, 3, 0}).reshape({frames.size(1), -1}).to(at::kByte);
  matrix(out).copy_(bytes, /*non_blocking=*/true);  // from a GPU into pinned memory in the lane's own time
}

}  // namespace

void blend(const OpContext& context) {
  const models::VaeConfig& vae = context.job.model->vae;
  const auto [t, h, w] = latent_sizes(context);
  const TilePlan plan = models::hunyuanvideo::tile_plan(vae, t, h, w);
  const auto number = static_cast<std::size_t>(std::get<program::LayerShape>(context.task.shape).layer);
  std::vector<at::Tensor> tiles = tiles_of(context, plan, plan.layers[number]);
  const auto blended = kernels::blend_layer(vae, plan.layers[number], tiles, previous_tail(context, plan, number));
  write_pixels(blended.frames, context.writes[0]);
  if (context.writes.size() == 1) return;
  planes(context.writes[1], blended.tail.size(1), plan.height, plan.width).copy_(blended.tail);
}

}  // namespace pipedit::executor::ops
