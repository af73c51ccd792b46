#include "executor/kernels/blend.h"

#include <gtest/gtest.h>

#include <ATen/ops/empty.h>

namespace pipedit::executor::kernels {
namespace {

namespace tiling = models::hunyuanvideo;

// Tiles of 2 latents, 16 pixels, that are mixed over 8 and yield 8.
models::VaeConfig small_vae() {
  models::VaeConfig vae;
  vae.sample_size = 16;
  vae.sample_tsize = 8;
  vae.tile_overlap_factor = 0.5;
  return vae;
}

at::Tensor constant(double value, at::IntArrayRef shape) { return at::empty(shape, at::kFloat).fill_(value); }

float pixel(const at::Tensor& frames, std::int64_t f, std::int64_t y, std::int64_t x) {
  return frames[0][f][y][x].item<float>();
}

TEST(Blend, ATileIsMixedWithTheOneAboveThenWithTheOneOnTheLeft) {
  const tiling::TilePlan plan = tiling::tile_plan(small_vae(), 1, 3, 3);
  ASSERT_EQ(plan.layers[0].rows, 3);
  std::vector<at::Tensor> tiles;
  for (const tiling::Tile& tile : plan.tiles)
    tiles.push_back(
        constant(static_cast<double>(tile.row * 10 + tile.column), {3, 1, tile.y.size() * 8, tile.x.size() * 8}));
  const BlendedLayer layer = blend_layer(small_vae(), plan.layers[0], tiles, {});
  ASSERT_EQ(layer.frames.sizes(), (at::IntArrayRef{3, 1, 24, 24}));
  EXPECT_EQ(pixel(layer.frames, 0, 3, 3), 0);
  EXPECT_FLOAT_EQ(pixel(layer.frames, 0, 0, 12), 0.5);  // halfway from tile 0 to tile 1
  EXPECT_FLOAT_EQ(pixel(layer.frames, 0, 12, 0), 5);    // halfway from tile 0 to tile 10
  // Row 2, column 4 of tile (1, 1), which is 11. Above it is row 10 of tile (0, 1), in column 4 mixed with the 0 on its
  // left: 1 * 4/8 = 0.5; with it, 0.5 * 6/8 + 11 * 2/8 = 3.125. On its left is column 12 of tile (1, 0), in row 2 mixed
  // with the 0 above it: 10 * 2/8 = 2.5; with it, 2.5 * 4/8 + 3.125 * 4/8 = 2.8125. (Unmixed neighbours would give 3.)
  EXPECT_FLOAT_EQ(pixel(layer.frames, 0, 10, 12), 2.8125f);
}

TEST(Blend, ALayerIsMixedWithTheTailOfTheOneBefore) {
  const tiling::TilePlan plan =
      tiling::tile_plan(small_vae(), 4, 1, 1);  // stretches of 3, 3, 2 latents, the last of 1 more
  ASSERT_GE(plan.layers.size(), 2u);
  std::vector<at::Tensor> first{constant(0, {3, 9, 8, 8})}, second{constant(8, {3, 9, 8, 8})};
  const BlendedLayer before = blend_layer(small_vae(), plan.layers[0], first, {});
  EXPECT_EQ(before.frames.size(1), 5);  // what a stretch yields, and the first frame
  EXPECT_EQ(before.tail.size(1), 4);
  const BlendedLayer after = blend_layer(small_vae(), plan.layers[1], second, before.tail);
  EXPECT_EQ(after.frames.size(1), 4);
  for (std::int64_t f = 0; f < 4; ++f) EXPECT_FLOAT_EQ(pixel(after.frames, f, 0, 0), 2.0f * static_cast<float>(f));
}

TEST(Blend, TilesAloneAreNotCut) {
  const tiling::TilePlan plan = tiling::tile_plan(small_vae(), 2, 2, 2);
  std::vector<at::Tensor> tiles{constant(1, {3, 5, 16, 16})};
  EXPECT_EQ(blend_layer(small_vae(), plan.layers[0], tiles, {}).frames.sizes(), (at::IntArrayRef{3, 5, 16, 16}));
}

}  // namespace
}  // namespace pipedit::executor::kernels
