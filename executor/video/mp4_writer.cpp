#include "executor/video/mp4_writer.h"

#include <sstream>

#include <fmt/format.h>

#include "core/error.h"

namespace pipedit::executor {

namespace {

// Nearly without loss: videos of random weights look like noise, and must come back as they were.
constexpr int kQuality = 10;

// Colours as BT.601 has them, and chroma as the mean of four pixels: of what 4:2:0 can keep of noise this keeps the
// most (0.5 dB more than BT.709), and it is what players assume that do not look.
std::vector<std::string> command(const std::filesystem::path& path, const VideoFormat& format) {
  const std::string text = fmt::format(
      "-hide_banner -loglevel error -y -f rawvideo -pix_fmt rgb24 -s {}x{} -r {} -i pipe:0 "
      "-vf scale=out_color_matrix=smpte170m:out_range=tv:flags=area+accurate_rnd+full_chroma_int "
      "-c:v libx264 -crf {} -pix_fmt yuv420p -colorspace smpte170m -color_primaries smpte170m -color_trc smpte170m "
      "-color_range tv -movflags +faststart -f mp4",
      format.width, format.height, format.frames_per_second, kQuality);
  std::vector<std::string> args{format.ffmpeg};
  std::istringstream words(text);
  for (std::string word; words >> word;) args.push_back(word);
  args.push_back(path.string());
  return args;
}

[[noreturn]] void fail(const std::filesystem::path& path, const Error& error) {
  throw Error(fmt::format("{}: {}", path.string(), error.what()));
}

}  // namespace

std::filesystem::path Mp4Writer::unfinished_name(const std::filesystem::path& path) { return path.string() + ".part"; }

Mp4Writer::Mp4Writer(std::filesystem::path path, const VideoFormat& format)
    : path_(std::move(path)),
      unfinished_(unfinished_name(path_)),
      format_(format),
      ffmpeg_(command(unfinished_, format)) {}

Mp4Writer::~Mp4Writer() {
  std::error_code ignored;
  if (!closed_) std::filesystem::remove(unfinished_, ignored);
}

void Mp4Writer::write(const at::Tensor& rgb) try {
  if (rgb.dim() != 4 || rgb.size(1) != format_.height || rgb.size(2) != format_.width || rgb.size(3) != 3)
    throw Error("frames of another size");
  const at::Tensor bytes = rgb.contiguous();
  ffmpeg_.write({static_cast<const std::byte*>(bytes.const_data_ptr()), static_cast<std::size_t>(bytes.nbytes())});
} catch (const Error& error) {
  fail(path_, error);
}

void Mp4Writer::close() try {
  ffmpeg_.finish();
  std::error_code code;
  std::filesystem::rename(unfinished_, path_, code);
  if (code) throw Error("cannot be renamed: " + code.message());
  closed_ = true;
} catch (const Error& error) {
  fail(path_, error);
}

}  // namespace pipedit::executor
