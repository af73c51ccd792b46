#pragma once

#include <filesystem>
#include <string>

#include <ATen/core/Tensor.h>

// What a player would show: read back through the ffmpeg command.
namespace pipedit::executor::test {

struct Video {
  std::string pixels;  // of the file: yuv420p
  int width = 0, height = 0;
  double frames_per_second = 0;
  at::Tensor frames;  // [F, height, width, 3] u8
};
Video read_video(const std::filesystem::path&);

// Peak signal-to-noise ratio of two u8 tensors, in dB.
double psnr(const at::Tensor& a, const at::Tensor& b);

}  // namespace pipedit::executor::test
