#include "tests/executor/video/video_reader.h"

#include <cmath>
#include <cstdio>
#include <regex>
#include <stdexcept>
#include <string>

#include <ATen/TensorOperators.h>
#include <ATen/ops/tensor.h>
#include <fmt/format.h>

namespace pipedit::executor::test {

namespace {

std::string output_of(const std::string& command) {
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
  std::string text;
  char piece[65536];
  for (std::size_t got = 0; (got = std::fread(piece, 1, sizeof piece, pipe)) > 0;) text.append(piece, got);
  ::pclose(pipe);
  return text;
}

// "Stream #0:0[0x1](und): Video: h264 (High) .., yuv420p(tv, smpte170m, progressive), 80x48, 23 kb/s, 24 fps, .."
void read_description(const std::string& text, Video& video) {
  std::smatch found;
  if (!std::regex_search(text, found, std::regex(R"(Video: h264.* (yuv4\d\dp)\(.* (\d+)x(\d+)[ ,].* ([\d.]+) fps)")))
    throw std::runtime_error("no H.264 stream in: " + text);
  video.pixels = found[1];
  video.width = std::stoi(found[2]);
  video.height = std::stoi(found[3]);
  video.frames_per_second = std::stod(found[4]);
}

}  // namespace

Video read_video(const std::filesystem::path& path) {
  Video video;
  read_description(output_of(fmt::format("'{}' -hide_banner -i '{}' 2>&1", PIPEDIT_FFMPEG, path.string())), video);
  const std::string bytes = output_of(
      fmt::format("'{}' -loglevel error -i '{}' -f rawvideo -pix_fmt rgb24 pipe:1", PIPEDIT_FFMPEG, path.string()));
  const at::Tensor flat = at::tensor(
      at::ArrayRef<std::uint8_t>(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()), at::kByte);
  video.frames = flat.reshape({-1, video.height, video.width, 3});
  return video;
}

double psnr(const at::Tensor& a, const at::Tensor& b) {
  const double error = (a.to(at::kDouble) - b.to(at::kDouble)).square().mean().item<double>();
  return 10 * std::log10(255.0 * 255.0 / error);
}

}  // namespace pipedit::executor::test
