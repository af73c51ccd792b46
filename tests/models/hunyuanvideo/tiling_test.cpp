#include "models/hunyuanvideo/tiling.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "models/model_json.h"

namespace pipedit::models::hunyuanvideo {
namespace {

VaeConfig full_size() { return read_model(PIPEDIT_SOURCE_DIR "/configs/models/hunyuanvideo.json").vae; }

std::vector<std::int64_t> layer_latents(std::int64_t t) {
  std::vector<std::int64_t> sizes;
  for (const TileLayer& layer : tile_plan(full_size(), t, 8, 8).layers) sizes.push_back(layer.t.size());
  return sizes;
}

TEST(HunyuanVideoTiling, OfficialSizes) {
  const AxisTiling space = space_tiling(full_size()), time = time_tiling(full_size());
  EXPECT_EQ((std::vector{space.tile, space.stride, space.blend, space.kept}),
            (std::vector<std::int64_t>{32, 24, 64, 192}));
  EXPECT_EQ((std::vector{time.tile, time.stride, time.blend, time.kept}), (std::vector<std::int64_t>{16, 12, 16, 48}));
}

TEST(HunyuanVideoTiling, StretchesOfTime) {
  EXPECT_EQ(layer_latents(16), (std::vector<std::int64_t>{16}));
  EXPECT_EQ(layer_latents(17), (std::vector<std::int64_t>{17, 5}));
  EXPECT_EQ(layer_latents(25), (std::vector<std::int64_t>{17, 13}));  // a third of one latent would yield nothing
  EXPECT_EQ(layer_latents(33), (std::vector<std::int64_t>{17, 17, 9}));
}

TEST(HunyuanVideoTiling, LayersYieldEveryFrameOnce) {
  for (std::int64_t t = 1; t < 80; ++t) {
    const TilePlan plan = tile_plan(full_size(), t, 8, 8);
    std::int64_t next = 0;
    for (const TileLayer& layer : plan.layers) {
      EXPECT_EQ(layer.frames.begin, next);
      EXPECT_LE(layer.frames.size(), layer.decoded);
      next = layer.frames.end;
    }
    EXPECT_EQ(next, decoded_frames(t)) << t;
    EXPECT_EQ(plan.frames, next);
  }
}

TEST(HunyuanVideoTiling, GridOfTilesInSpace) {
  const TilePlan plan = tile_plan(full_size(), 33, 90, 160);  // 1280x720, 129 frames
  EXPECT_EQ(plan.tiles.size(), 3u * 4 * 7);
  EXPECT_EQ(plan.layers[0].rows, 4);
  EXPECT_EQ(plan.layers[0].columns, 7);
  EXPECT_EQ(plan.tiles[0].y, (Range{0, 32}));
  EXPECT_EQ(plan.tiles[7].y, (Range{24, 56}));  // the second row follows seven tiles of the first
  EXPECT_EQ(plan.tiles[27].y, (Range{72, 90}));
  EXPECT_EQ(plan.tiles[27].x, (Range{144, 160}));
  EXPECT_EQ(plan.height, 720);
  EXPECT_EQ(plan.width, 1280);
}

TEST(HunyuanVideoTiling, AnAxisThatFitsIsCutWhereTheOtherDoesNot) {
  const TilePlan plan = tile_plan(full_size(), 1, 30, 40);
  EXPECT_EQ(plan.layers[0].rows, 2);  // starts 0 and 24, though 30 rows would fit one tile
  EXPECT_EQ(plan.layers[0].columns, 2);
  EXPECT_EQ(tile_plan(full_size(), 1, 30, 32).tiles.size(), 1u);
}

// Five latents that overlap by a quarter would go on at 3.75, and yield 30 pixels for 3 latents: 24.
TEST(HunyuanVideoTiling, TilesAreCutAtWholeLatents) {
  VaeConfig vae = full_size();
  vae.sample_size = 40;
  EXPECT_THROW(tile_plan(vae, 1, 7, 5), InputError);
  EXPECT_EQ(tile_plan(vae, 1, 5, 5).tiles.size(), 1u);  // not cut
  vae = full_size();
  vae.sample_tsize = 24;  // six latents go on at 4.5
  EXPECT_THROW(tile_plan(vae, 7, 8, 8), InputError);
  EXPECT_EQ(tile_plan(vae, 6, 8, 8).tiles.size(), 1u);
}

}  // namespace
}  // namespace pipedit::models::hunyuanvideo
