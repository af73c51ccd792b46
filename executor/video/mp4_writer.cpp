#include "executor/video/mp4_writer.h"

#include <sstream>

#include <fmt/format.h>

#include "core/error.h"
#include "executor/video/chroma.h"

namespace pipedit::executor {

namespace {

// Nearly without loss: videos of random weights look like noise, and must come back as they were.
constexpr int kQuality = 7;

constexpr double kLeastPsnr = 30;  // of what 4:2:0 keeps; films lie above 35

// Chroma is the mean of four pixels, and colours are as BT.601 has them: what players assume that do not look.
std::string command(const VideoFormat& format, const std::string& pixels) {
  const char* threads = format.encoding == Encoding::at_end ? "-filter_threads 1 -threads 1" : "";
  return fmt::format(
      "-hide_banner -loglevel error -y -f rawvideo -pix_fmt rgb24 -s {}x{} -r {} -i pipe:0 "
      "-vf scale=out_color_matrix=smpte170m:out_range=tv:flags=area+accurate_rnd+full_chroma_int "
      "-c:v libx264 -preset veryfast -crf {} -pix_fmt {} -colorspace smpte170m -color_primaries smpte170m -color_trc "
      "smpte170m "
      "-color_range tv {} -movflags +faststart -f mp4",
      format.width, format.height, format.frames_per_second, kQuality, pixels, threads);
}

std::vector<std::string> arguments(const std::filesystem::path& path, const VideoFormat& format,
                                   const std::string& pixels) {
  std::vector<std::string> args{format.ffmpeg};
  std::istringstream words(command(format, pixels));
  for (std::string word; words >> word;) args.push_back(word);
  args.push_back(std::filesystem::absolute(path).string());  // no option and no protocol, whatever its name
  return args;
}

// Two frames say enough.
std::string pixels_for(const at::Tensor& rgb) {
  const at::Tensor some = rgb.narrow(0, 0, std::min<std::int64_t>(2, rgb.size(0)));
  return psnr_at_half_chroma(some) < kLeastPsnr ? "yuv444p" : "yuv420p";
}

[[noreturn]] void fail(const std::filesystem::path& path, const Error& error) {
  throw Error(fmt::format("{}: {}", path.string(), error.what()));
}

}  // namespace

std::filesystem::path Mp4Writer::unfinished_name(const std::filesystem::path& path) { return path.string() + ".part"; }

Mp4Writer::Mp4Writer(std::filesystem::path path, VideoFormat format)
    : path_(std::move(path)), unfinished_(unfinished_name(path_)), format_(std::move(format)) {}

// The encoder first: it could make its file after it was removed.
Mp4Writer::~Mp4Writer() {
  ffmpeg_.reset();
  std::error_code ignored;
  if (!closed_) std::filesystem::remove(unfinished_, ignored);
}

std::optional<pid_t> Mp4Writer::encoder() const { return ffmpeg_ ? std::optional(ffmpeg_->pid()) : std::nullopt; }

void Mp4Writer::start() { ffmpeg_.emplace(arguments(unfinished_, format_, pixels_), format_.stop); }

void Mp4Writer::feed(const at::Tensor& rgb) {
  const at::Tensor bytes = rgb.contiguous();
  ffmpeg_->write({static_cast<const std::byte*>(bytes.const_data_ptr()), static_cast<std::size_t>(bytes.nbytes())});
}

void Mp4Writer::write(const at::Tensor& rgb) try {
  if (rgb.dim() != 4 || rgb.size(1) != format_.height || rgb.size(2) != format_.width || rgb.size(3) != 3)
    throw Error("frames of another size");
  if (pixels_.empty()) pixels_ = pixels_for(rgb);
  if (format_.encoding == Encoding::at_end) {
    kept_.push_back(rgb.clone());
    return;
  }
  if (!ffmpeg_) start();
  feed(rgb);
} catch (const Error& error) {
  fail(path_, error);
}

void Mp4Writer::close() try {
  if (pixels_.empty()) throw Error("a video without frames");
  if (!ffmpeg_) start();
  for (const at::Tensor& rgb : kept_) feed(rgb);
  ffmpeg_->finish();
  std::error_code code;
  std::filesystem::rename(unfinished_, path_, code);
  if (code) throw Error("cannot be renamed: " + code.message());
  closed_ = true;
} catch (const Error& error) {
  fail(path_, error);
}

}  // namespace pipedit::executor
