#pragma once

#include <filesystem>
#include <string>

#include <ATen/core/Tensor.h>

#include "executor/video/child_process.h"

namespace pipedit::executor {

struct VideoFormat {
  int width = 0, height = 0;  // pixels, even
  int frames_per_second = 24;
  std::string ffmpeg = "ffmpeg";
};

// One mp4 (H.264, 4:2:0, BT.601), through the ffmpeg command. It is written under another name and renamed when it is
// whole: a file of the given name is a finished video.
class Mp4Writer {
 public:
  // Throws InputError where ffmpeg cannot be started.
  Mp4Writer(std::filesystem::path, const VideoFormat&);
  Mp4Writer(const Mp4Writer&) = delete;
  Mp4Writer& operator=(const Mp4Writer&) = delete;
  ~Mp4Writer();  // what was not closed is removed

  // rgb [F, height, width, 3] u8. Throws Error, naming the file, when ffmpeg fails: killed, disk full.
  void write(const at::Tensor& rgb);
  void close();

  pid_t encoder() const { return ffmpeg_.pid(); }

  static std::filesystem::path unfinished_name(const std::filesystem::path&);

 private:
  std::filesystem::path path_, unfinished_;
  VideoFormat format_;
  ChildProcess ffmpeg_;
  bool closed_ = false;
};

}  // namespace pipedit::executor
