#include "cli/attention_kernel.h"

#include <gtest/gtest.h>

#include "cli/configs.h"

namespace pipedit::cli {
namespace {

ProfilePoint measured(const std::string& kernel, std::int64_t key_rows, Nanos time) {
  return {.kind = "attention." + kernel,
          .dims = {key_rows, 1, key_rows, 128},
          .busy = 1,
          .median = time,
          .low = time,
          .high = time,
          .count = 9};
}

std::string chosen(const Profile& profile, int frames) {
  const RequestShape shape{.width = 480, .height = 352, .frames = frames, .steps = 2, .text_tokens = 256};
  return attention_kernel(profile, load_model("hunyuanvideo"), uniform_workload(shape, 1));
}

// 480x352 pixels are 30 x 22 tokens a latent frame: 660 + 256 for one frame, 25 * 660 + 256 = 16 756 for 97.
TEST(AttentionKernel, IsTheFastestAtTheWorkloadsLength) {
  Profile profile;
  profile.points = {measured("cudnn", 916, 10us), measured("cudnn", 16'756, 900us), measured("fa3", 916, 12us),
                    measured("fa3", 16'756, 700us)};
  EXPECT_EQ(chosen(profile, 1), "cudnn");
  EXPECT_EQ(chosen(profile, 97), "fa3");
}

TEST(AttentionKernel, IsLeftToTheRunWhereNoneWasMeasuredByName) { EXPECT_EQ(chosen(Profile{}, 97), "auto"); }

}  // namespace
}  // namespace pipedit::cli
