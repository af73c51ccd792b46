#include "executor/run_folder/resume.h"

#include <map>

#include "core/error.h"
#include "executor/video/mp4_writer.h"
#include "executor/weights/safetensors.h"

namespace pipedit::executor {

namespace {

std::optional<at::Tensor> saved_latents(const RunFolder& folder, const JournalContents& journal, RequestId number) {
  if (!journal.latents.contains(number) || !std::filesystem::exists(folder.latent(number))) return std::nullopt;
  return SafetensorsFile(folder.latent(number)).tensor("latents").clone();
}

bool is_finished(const RunFolder& folder, const JournalContents& journal, RequestId number) {
  return journal.finished.contains(number) && std::filesystem::exists(folder.video(number));
}

// Requests of equal shape share one; those that are only to be decoded have one of their own.
class Shapes {
 public:
  explicit Shapes(const Workload& whole) : whole_(whole) {}
  int of(RequestId number, bool denoised, std::vector<RequestShape>& shapes) {
    const int shape = whole_.requests[index(number)].shape;
    const auto [place, is_new] = known_.try_emplace({shape, denoised}, static_cast<int>(shapes.size()));
    if (!is_new) return place->second;
    shapes.push_back(whole_.shapes[static_cast<std::size_t>(shape)]);
    if (denoised) shapes.back().steps = 0;
    return place->second;
  }

 private:
  const Workload& whole_;
  std::map<std::pair<int, bool>, int> known_;
};

}  // namespace

Remaining remaining(const RunFolder& folder, const JournalContents& journal, const Workload& whole) {
  Remaining left;
  left.workload.name = whole.name;
  Shapes shapes(whole);
  for (std::size_t i = 0; i < whole.requests.size(); ++i) {
    const RequestId number{static_cast<int>(i)};
    std::error_code ignored;
    std::filesystem::remove(Mp4Writer::unfinished_name(folder.video(number)), ignored);
    if (is_finished(folder, journal, number)) {
      if (!journal.origin.keep_latents) std::filesystem::remove(folder.latent(number), ignored);
      continue;
    }
    left.latents.push_back(saved_latents(folder, journal, number));
    Request request = whole.requests[i];
    request.shape = shapes.of(number, left.latents.back().has_value(), left.workload.shapes);
    request.arrival = Nanos{0};  // they were all due once
    left.workload.requests.push_back(std::move(request));
    left.numbers.push_back(number);
  }
  return left;
}

Remaining everything(const Workload& whole) {
  Remaining all{.workload = whole, .numbers = {}, .latents = {}};
  all.latents.resize(whole.requests.size());
  for (std::size_t i = 0; i < whole.requests.size(); ++i) all.numbers.push_back(RequestId{static_cast<int>(i)});
  return all;
}

}  // namespace pipedit::executor
