#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "executor/video/child_process.h"

namespace pipedit::executor {

enum class Encoding {
  beside,  // while frames come, on threads of the encoder's own: where the CPUs have nothing else to do
  at_end,  // in close(), on one thread: where the CPUs do the work, whoever closes pays for all of it, and nobody else
};

struct VideoFormat {
  int width = 0, height = 0;  // pixels, even
  int frames_per_second = 24;
  std::string ffmpeg = "ffmpeg";
  Encoding encoding = Encoding::beside;
  const std::atomic<bool>* stop = nullptr;  // set: the encoder is waited for no longer
};

// One mp4 (H.264, BT.601), through the ffmpeg command: 4:2:0, which every player knows, but 4:4:4 where the first
// frames' colours jump from pixel to pixel, as random weights have it and no camera. It is written under another name
// and renamed when it is whole: a file of the given name is a finished video.
class Mp4Writer {
 public:
  Mp4Writer(std::filesystem::path, VideoFormat);
  Mp4Writer(const Mp4Writer&) = delete;
  Mp4Writer& operator=(const Mp4Writer&) = delete;
  ~Mp4Writer();  // what was not closed is removed

  // rgb [F, height, width, 3] u8, copied where it is needed later. Throws Error, naming the file, when ffmpeg fails:
  // killed, disk full; and where ffmpeg cannot be started.
  void write(const at::Tensor& rgb);
  void close();

  std::optional<pid_t> encoder() const;  // none while it does not run

  static std::filesystem::path unfinished_name(const std::filesystem::path&);

 private:
  void start();
  void feed(const at::Tensor& rgb);

  std::filesystem::path path_, unfinished_;
  VideoFormat format_;
  std::string pixels_;            // of the file, known with the first frames
  std::vector<at::Tensor> kept_;  // until close()
  std::optional<ChildProcess> ffmpeg_;
  bool closed_ = false;
};

}  // namespace pipedit::executor
