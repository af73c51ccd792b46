#include "executor/run_folder/folder_sink.h"

#include <ATen/ops/isfinite.h>
#include <fmt/format.h>

#include "core/error.h"
#include "executor/weights/safetensors.h"

namespace pipedit::executor {

FolderSink::FolderSink(RunFolder folder, std::vector<RequestId> numbers, Options options)
    : folder_(std::move(folder)),
      numbers_(std::move(numbers)),
      options_(std::move(options)),
      journal_(folder_.journal()) {
  std::error_code code;
  std::filesystem::create_directories(folder_.latents(), code);
  if (code) throw InputError(fmt::format("{}: cannot be made: {}", folder_.latents().string(), code.message()));
}

void FolderSink::latent(RequestId request, const at::Tensor& latents) {
  const RequestId number = numbers_[index(request)];
  if (!latents.isfinite().all().item<bool>())
    throw Error("latents that are not finite numbers: look for NaN in weights and embeddings");
  write_safetensors(folder_.latent(number), {{"latents", latents}});
  journal_.add(JournalEvent::latent, number);
}

Mp4Writer& FolderSink::writer(RequestId number, const at::Tensor& rgb) {
  const std::lock_guard lock(mutex_);
  std::unique_ptr<Mp4Writer>& writer = writers_[number];
  if (!writer)
    writer =
        std::make_unique<Mp4Writer>(folder_.video(number), VideoFormat{.width = static_cast<int>(rgb.size(2)),
                                                                       .height = static_cast<int>(rgb.size(1)),
                                                                       .frames_per_second = options_.frames_per_second,
                                                                       .ffmpeg = options_.ffmpeg,
                                                                       .encoding = options_.encoding,
                                                                       .stop = &abandoned_});
  return *writer;
}

void FolderSink::frames(RequestId request, Range, const at::Tensor& rgb) {
  writer(numbers_[index(request)], rgb).write(rgb);
}

void FolderSink::finished(RequestId request) {
  const RequestId number = numbers_[index(request)];
  std::unique_ptr<Mp4Writer> writer;
  {
    const std::lock_guard lock(mutex_);
    writer = std::move(writers_.extract(number).mapped());
  }
  writer->close();
  journal_.add(JournalEvent::finished, number);
  std::error_code ignored;
  if (!options_.keep_latents) std::filesystem::remove(folder_.latent(number), ignored);
}

void FolderSink::close() {
  std::error_code ignored;
  if (!options_.keep_latents) std::filesystem::remove(folder_.latents(), ignored);
}

}  // namespace pipedit::executor
