#include <cmath>
#include <csignal>
#include <functional>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>

#include "core/error.h"
#include "executor/video/chroma.h"
#include "executor/video/mp4_writer.h"
#include "executor/weights/random.h"
#include "tests/core/temporary_folder.h"
#include "tests/executor/video/small_files.h"
#include "tests/executor/video/video_reader.h"

namespace pipedit::executor::test {
namespace {

VideoFormat format(int width, int height, Encoding encoding = Encoding::beside) {
  return {.width = width, .height = height, .ffmpeg = PIPEDIT_FFMPEG, .encoding = encoding};
}

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

class Mp4WriterIn : public testing::TestWithParam<Encoding> {};

TEST_P(Mp4WriterIn, KeepsSizeRateOrderAndColours) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "video.mp4";
  const at::Tensor frames = gradients(9, 48, 80);
  at::Tensor lent = frames.narrow(0, 0, 4).clone();
  Mp4Writer writer(path, format(80, 48, GetParam()));
  writer.write(lent);
  lent.zero_();
  EXPECT_FALSE(std::filesystem::exists(path));
  writer.write(frames.narrow(0, 4, 5));
  writer.close();
  const Video video = read_video(path);
  EXPECT_EQ(video.pixels, "yuv420p");
  EXPECT_EQ(video.width, 80);
  EXPECT_EQ(video.height, 48);
  EXPECT_EQ(video.frames_per_second, 24);
  ASSERT_EQ(video.frames.size(0), 9);
  EXPECT_GE(psnr(video.frames, frames), 38);
  EXPECT_LE(
      (video.frames.to(at::kFloat).mean({0, 1, 2}) - frames.to(at::kFloat).mean({0, 1, 2})).abs().max().item<float>(),
      2);
}

INSTANTIATE_TEST_SUITE_P(Encoding, Mp4WriterIn, testing::Values(Encoding::beside, Encoding::at_end),
                         [](const auto& test) { return test.param == Encoding::beside ? "beside" : "at_end"; });

Video written(const at::Tensor& frames) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "video.mp4";
  Mp4Writer writer(path, format(static_cast<int>(frames.size(2)), static_cast<int>(frames.size(1))));
  writer.write(frames);
  writer.close();
  return read_video(path);
}

TEST(Mp4Writer, NoiseComesBackAsItWas) {
  at::Tensor noise = at::empty({9, 48, 80, 1}, at::kFloat);
  fill_normal(noise, 1, "noise", 128, 40);
  const at::Tensor frames = noise.clamp(0, 255).expand({9, 48, 80, 3}).to(at::kByte);
  const Video video = written(frames);
  EXPECT_EQ(video.pixels, "yuv420p");
  EXPECT_GE(psnr(video.frames, frames), 38);
}

// Random weights give colours that jump from pixel to pixel.
TEST(Mp4Writer, ColoursThatJumpFromPixelToPixelKeepTheirResolution) {
  at::Tensor noise = at::empty({9, 48, 80, 3}, at::kFloat);
  fill_normal(noise, 1, "noise", 128, 40);
  const at::Tensor frames = noise.clamp(0, 255).to(at::kByte);
  EXPECT_LT(psnr_at_half_chroma(frames), 20);
  const Video video = written(frames);
  EXPECT_EQ(video.pixels, "yuv444p");
  EXPECT_GE(psnr(video.frames, frames), 33);
}

// One colour in one pixel of four: luma (0.299, 0.587, 0.114) stays, the rest of it spreads over all four. With red at
// 100 that leaves errors of (70.1, -29.9, -29.9), once times 3/4, three times times -1/4.
TEST(HalfChroma, LosesWhatDiffersWithinTwoByTwoPixels) {
  at::Tensor rgb = at::zeros({1, 2, 2, 3}, at::kByte);
  EXPECT_EQ(psnr_at_half_chroma(rgb), std::numeric_limits<double>::infinity());
  rgb[0][0][0][0] = 100;
  const double square = (70.1 * 70.1 + 2 * 29.9 * 29.9) * (0.75 * 0.75 + 3 * 0.25 * 0.25) / 12;
  EXPECT_NEAR(psnr_at_half_chroma(rgb), 10 * std::log10(255 * 255 / square), 1e-3);
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
  Mp4Writer writer(folder.path() / "video.mp4", missing);
  EXPECT_THAT(error_of([&] { writer.write(gradients(2, 48, 80)); }), testing::HasSubstr("/no/such/ffmpeg"));
}

TEST_P(Mp4WriterIn, SaysWhyFfmpegFailed) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "nowhere" / "video.mp4";
  Mp4Writer writer(path, format(80, 48, GetParam()));
  const std::string error = error_of([&] {
    writer.write(gradients(64, 48, 80));
    writer.close();
  });
  EXPECT_THAT(error, testing::AllOf(testing::StartsWith(path.string()), testing::HasSubstr("No such file"),
                                    testing::Not(testing::HasSubstr("\n"))));
}

TEST(Mp4Writer, ANameIsNoOptionAndNoProtocol) {
  const TemporaryFolder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  for (const char* name : {"-dash.mp4", "a:b.mp4", "%03d.mp4"}) {
    Mp4Writer writer(name, format(80, 48));
    writer.write(gradients(2, 48, 80));
    EXPECT_EQ(error_of([&] { writer.close(); }), "") << name;
    EXPECT_TRUE(std::filesystem::exists(name)) << name;
  }
  std::filesystem::current_path(before);
}

TEST(Mp4Writer, ARunThatIsStoppedWaitsForNoEncoder) {
  const TemporaryFolder folder;
  const std::filesystem::path path = folder.path() / "a.mp4";
  std::atomic<bool> stop = false;
  VideoFormat stoppable = format(64, 48);
  stoppable.stop = &stop;
  Mp4Writer writer(path, stoppable);
  writer.write(gradients(8, 48, 64));
  ::kill(writer.encoder().value(), SIGSTOP);
  stop = true;
  EXPECT_THAT(error_of([&] { writer.close(); }), testing::HasSubstr("killed"));  // or waits for ever
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(Mp4Writer, AKilledFfmpegIsAnErrorAndNoFile) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "video.mp4";
  std::string error;
  {
    Mp4Writer writer(path, format(80, 48));
    writer.write(gradients(2, 48, 80));
    ::kill(writer.encoder().value(), SIGKILL);
    error = error_of([&] {
      for (int i = 0; i < 1000; ++i) writer.write(gradients(64, 48, 80));
    });
  }
  EXPECT_THAT(error, testing::AllOf(testing::StartsWith(path.string()), testing::HasSubstr("killed")));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST_P(Mp4WriterIn, WhatDoesNotFitIsAnErrorAndNoFile) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "video.mp4";
  at::Tensor noise = at::empty({64, 48, 80, 3}, at::kFloat);
  fill_normal(noise, 1, "noise", 128, 40);
  std::string error;
  {
    const SmallFiles small(50'000);
    Mp4Writer writer(path, format(80, 48, GetParam()));
    error = error_of([&] {
      writer.write(noise.clamp(0, 255).to(at::kByte));
      writer.close();
    });
  }
  EXPECT_THAT(error, testing::AllOf(testing::StartsWith(path.string()), testing::HasSubstr("too large"),
                                    testing::Not(testing::HasSubstr("\n"))));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace pipedit::executor::test
