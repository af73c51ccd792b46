#include "models/hunyuanvideo/schedule.h"

#include <gtest/gtest.h>

namespace pipedit::models::hunyuanvideo {
namespace {

TEST(HunyuanVideoSchedule, OfficialNoiseLevels) {
  const std::vector<float> levels = sigmas(50, 7.0);
  ASSERT_EQ(levels.size(), 51u);
  EXPECT_EQ(levels[0], 1.0f);
  EXPECT_NEAR(levels[1], 0.997093, 5e-7);   // 7 * 0.98 / (1 + 6 * 0.98) = 6.86 / 6.88
  EXPECT_NEAR(levels[2], 0.994083, 5e-7);   // 6.72 / 6.76
  EXPECT_NEAR(levels[48], 0.225806, 5e-7);  // 0.28 / 1.24
  EXPECT_EQ(levels[49], 0.125f);            // 0.14 / 1.12
  EXPECT_EQ(levels[50], 0.0f);
}

TEST(HunyuanVideoSchedule, NetworkGetsAThousandTimesTheLevel) {
  const std::vector<float> times = timesteps({1.0f, 0.125f, 0.0f});
  EXPECT_EQ(times, (std::vector{1000.0f, 125.0f}));
}

TEST(HunyuanVideoSchedule, GuidanceIsRoundedToBf16) {
  EXPECT_EQ(guidance_input(6.0), 6016.0f);  // bf16 has steps of 32 at 6000
  EXPECT_EQ(guidance_input(1.0), 1000.0f);  // steps of 4
  EXPECT_EQ(guidance_input(0.0), 0.0f);
  EXPECT_EQ(guidance_input(0.257), 257.0f - 1.0f);  // halfway between 256 and 258: to the even mantissa
}

}  // namespace
}  // namespace pipedit::models::hunyuanvideo
