#include "models/hunyuanvideo/cost.h"

#include <gtest/gtest.h>

#include "models/model_json.h"

namespace pipedit::models::hunyuanvideo {
namespace {

const Model kFull = read_model(PIPEDIT_SOURCE_DIR "/configs/models/hunyuanvideo.json");

double tera(Flops work) { return static_cast<double>(work.value) * 1e-12; }

TEST(HunyuanVideoCost, AFullTileIsWhatTheReferenceModulesCount) {
  EXPECT_NEAR(tera(tile_cost(kFull.vae, 17, 32, 32, 2).work), 72.8, 0.1);
  EXPECT_NEAR(tera(tile_cost(kFull.vae, 5, 32, 32, 2).work), 19.5, 0.1);
}

TEST(HunyuanVideoCost, ATileHoldsMostWhereItsRowsAreWholeAndItsChannelsHalve) {
  // 65 x 256 x 256 pixels: the input of 256 channels, which a residual waits with, its padded copy, and 128 of output
  EXPECT_EQ(tile_cost(kFull.vae, 17, 32, 32, 2).workspace, Bytes{(256 + 256 + 128) * 65LL * 256 * 256 * 2});
}

TEST(HunyuanVideoCost, RefinerIsTwoBlocksOf24SDSquared) {
  // 2 x (24 x 256 x 3072^2 + 4 x 256^2 x 3072) = 0.1176 TFLOP
  EXPECT_NEAR(tera(refine_work(kFull.dit, 256)), 0.1176, 0.0001);
}

}  // namespace
}  // namespace pipedit::models::hunyuanvideo
