#include "models/hunyuanvideo/tiling.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.h"

namespace pipedit::models::hunyuanvideo {

namespace {

constexpr std::size_t kMostTiles = 100'000;  // a task each; 8192x8192, 1025 frames make 40,000

// Truncated as the reference does; with the official factor of 1/4 all products are whole.
AxisTiling axis(std::int64_t sample, std::int64_t compression, double overlap) {
  AxisTiling axis;
  axis.tile = sample / compression;
  axis.stride = static_cast<std::int64_t>(static_cast<double>(axis.tile) * (1 - overlap));
  axis.blend = static_cast<std::int64_t>(static_cast<double>(sample) * overlap);
  axis.kept = sample - axis.blend;
  return axis;
}

// Else what the tiles yield would not be as much as the latents between them: the reference makes videos of wrong
// sizes.
void check_cut(const AxisTiling& axis, std::int64_t compression, const char* key, double overlap) {
  if (axis.stride * compression != axis.kept)
    throw InputError(fmt::format("/vae/{}: tiles of {} latents that overlap by {} are not cut at whole latents", key,
                                 axis.tile, overlap));
}

std::vector<Range> cuts(std::int64_t size, std::int64_t stride, std::int64_t taken) {
  std::vector<Range> ranges;
  for (std::int64_t begin = 0; begin < size; begin += stride) ranges.push_back({begin, std::min(begin + taken, size)});
  return ranges;
}

std::vector<TileLayer> layers(const AxisTiling& time, std::int64_t t) {
  if (t <= time.tile) {
    const std::int64_t frames = decoded_frames(t);
    return {{.t = {0, t}, .decoded = frames, .frames = {0, frames}}};
  }
  std::vector<TileLayer> result;
  std::int64_t frame = 0;
  // one latent more than the stride implies: its first frame stands for what the layer before it has seen
  for (const Range range : cuts(t, time.stride, time.tile + 1)) {
    TileLayer layer;
    layer.t = range;
    layer.dropped = range.begin > 0 ? 1 : 0;
    layer.decoded = decoded_frames(range.size()) - layer.dropped;
    const std::int64_t kept = std::min(layer.decoded, time.kept + (range.begin > 0 ? 0 : 1));
    if (kept == 0) continue;
    layer.frames = {frame, frame + kept};
    frame += kept;
    result.push_back(layer);
  }
  return result;
}

}  // namespace

AxisTiling time_tiling(const VaeConfig& vae) {
  return axis(vae.sample_tsize, kTimeCompression, vae.tile_overlap_factor);
}

AxisTiling space_tiling(const VaeConfig& vae) {
  return axis(vae.sample_size, kSpaceCompression, vae.tile_overlap_factor);
}

std::int64_t decoded_frames(std::int64_t t) { return kTimeCompression * (t - 1) + 1; }

TilePlan tile_plan(const VaeConfig& vae, std::int64_t t, std::int64_t h, std::int64_t w) {
  const AxisTiling space = space_tiling(vae);
  const bool whole = h <= space.tile && w <= space.tile;
  const std::vector<Range> rows = whole ? std::vector{Range{0, h}} : cuts(h, space.stride, space.tile);
  const std::vector<Range> columns = whole ? std::vector{Range{0, w}} : cuts(w, space.stride, space.tile);
  if (!whole) check_cut(space, kSpaceCompression, "sample_size", vae.tile_overlap_factor);
  if (t > time_tiling(vae).tile) check_cut(time_tiling(vae), kTimeCompression, "sample_tsize", vae.tile_overlap_factor);
  TilePlan plan;
  plan.layers = layers(time_tiling(vae), t);
  if (const std::size_t tiles = plan.layers.size() * rows.size() * columns.size(); tiles > kMostTiles)
    throw InputError(fmt::format("a video of {}x{}, {} frames makes {} tiles to decode, more than {}",
                                 w * kSpaceCompression, h * kSpaceCompression, decoded_frames(t), tiles, kMostTiles));
  for (std::size_t k = 0; k < plan.layers.size(); ++k) {
    TileLayer& layer = plan.layers[k];
    layer.rows = static_cast<std::int64_t>(rows.size());
    layer.columns = static_cast<std::int64_t>(columns.size());
    layer.first_tile = static_cast<std::int64_t>(plan.tiles.size());
    for (std::int64_t i = 0; i < layer.rows; ++i)
      for (std::int64_t j = 0; j < layer.columns; ++j)
        plan.tiles.push_back({static_cast<std::int64_t>(k), i, j, layer.t, rows[static_cast<std::size_t>(i)],
                              columns[static_cast<std::size_t>(j)]});
  }
  plan.frames = plan.layers.back().frames.end;
  plan.height = h * kSpaceCompression;
  plan.width = w * kSpaceCompression;
  return plan;
}

}  // namespace pipedit::models::hunyuanvideo
