#include <csignal>
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/stack.h>

#include "core/error.h"
#include "executor/video/mp4_writer.h"
#include "executor/weights/random.h"
#include "tests/executor/run_plan.h"
#include "tests/executor/video/video_reader.h"
#include "tests/executor/weights/temporary_folder.h"

namespace pipedit::executor::test {
namespace {

VideoFormat format(int width, int height) { return {.width = width, .height = height, .ffmpeg = PIPEDIT_FFMPEG}; }

// Red runs along x, green along y, blue along time.
at::Tensor gradients(int frames, int height, int width) {
  const at::Tensor x =
      (at::arange(width, at::kFloat) * (255.0 / width)).reshape({1, 1, width}).expand({frames, height, width});
  const at::Tensor y =
      (at::arange(height, at::kFloat) * (255.0 / height)).reshape({1, height, 1}).expand({frames, height, width});
  const at::Tensor t =
      (at::arange(frames, at::kFloat) * (255.0 / frames)).reshape({frames, 1, 1}).expand({frames, height, width});
  return at::stack({x, y, t}, 3).to(at::kByte);
}

std::string error_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Mp4Writer, KeepsSizeRateOrderAndColours) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "video.mp4";
  const at::Tensor frames = gradients(9, 48, 80);
  Mp4Writer writer(path, format(80, 48));
  writer.write(frames.narrow(0, 0, 4));
  EXPECT_FALSE(std::filesystem::exists(path));
  writer.write(frames.narrow(0, 4, 5));
  writer.close();
  const Video video = read_video(path);
  EXPECT_EQ(video.width, 80);
  EXPECT_EQ(video.height, 48);
  EXPECT_EQ(video.frames_per_second, 24);
  ASSERT_EQ(video.frames.size(0), 9);
  EXPECT_GE(psnr(video.frames, frames), 38);
  EXPECT_LE(
      (video.frames.to(at::kFloat).mean({0, 1, 2}) - frames.to(at::kFloat).mean({0, 1, 2})).abs().max().item<float>(),
      2);
}

double psnr_of_file(const at::Tensor& frames) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "video.mp4";
  Mp4Writer writer(path, format(static_cast<int>(frames.size(2)), static_cast<int>(frames.size(1))));
  writer.write(frames);
  writer.close();
  return psnr(read_video(path).frames, frames);
}

TEST(Mp4Writer, NoiseComesBackAsItWas) {
  at::Tensor noise = at::empty({9, 48, 80, 1}, at::kFloat);
  fill_normal(noise, 1, "noise", 128, 40);
  EXPECT_GE(psnr_of_file(noise.clamp(0, 255).expand({9, 48, 80, 3}).to(at::kByte)), 38);
}

// Random weights give colours that jump from pixel to pixel, of which 4:2:0 keeps a quarter: without any other loss the
// fixtures' video would come back at 23.8 dB.
TEST(Mp4Writer, OfColouredNoiseOnlyChromaIsLost) {
  EXPECT_GE(psnr_of_file(run({.transport = Transport::host}).videos.at(0)), 23.5);
}

TEST(Mp4Writer, LeavesNothingBehindWhereItIsNotClosed) {
  const TemporaryFolder folder;
  {
    Mp4Writer writer(folder.path() / "video.mp4", format(80, 48));
    writer.write(gradients(2, 48, 80));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Mp4Writer, NamesACommandThatCannotBeStarted) {
  const TemporaryFolder folder;
  VideoFormat missing = format(80, 48);
  missing.ffmpeg = "/no/such/ffmpeg";
  EXPECT_THAT(error_of([&] { Mp4Writer(folder.path() / "video.mp4", missing); }),
              testing::HasSubstr("/no/such/ffmpeg"));
}

TEST(Mp4Writer, SaysWhyFfmpegFailed) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "nowhere" / "video.mp4";
  Mp4Writer writer(path, format(80, 48));
  const std::string error = error_of([&] {
    writer.write(gradients(64, 48, 80));
    writer.close();
  });
  EXPECT_THAT(error, testing::AllOf(testing::StartsWith(path.string()), testing::HasSubstr("No such file"),
                                    testing::Not(testing::HasSubstr("\n"))));
}

TEST(Mp4Writer, AKilledFfmpegIsAnErrorAndNoFile) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "video.mp4";
  std::string error;
  {
    Mp4Writer writer(path, format(80, 48));
    writer.write(gradients(2, 48, 80));
    ::kill(writer.encoder(), SIGKILL);
    error = error_of([&] {
      for (int i = 0; i < 1000; ++i) writer.write(gradients(64, 48, 80));
    });
  }
  EXPECT_THAT(error, testing::HasSubstr("ended early"));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace pipedit::executor::test
