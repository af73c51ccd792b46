#include <limits>
#include <map>

#include <gtest/gtest.h>

#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>

#include "core/error.h"
#include "executor/backends/cpu/cpu_backend.h"
#include "executor/inputs/embeddings.h"
#include "executor/run_folder/folder_sink.h"
#include "executor/run_folder/resume.h"
#include "tests/core/temporary_folder.h"
#include "tests/executor/fixture.h"
#include "tests/executor/run_plan.h"
#include "tests/executor/video/video_reader.h"

namespace pipedit::executor::test {
namespace {

constexpr int kRequests = 2;

// Writes videos, and keeps what the decoder gave.
class KeepingSink : public FolderSink {
 public:
  using FolderSink::FolderSink;
  void frames(RequestId request, Range range, const at::Tensor& rgb) override {
    {
      const std::lock_guard lock(mutex_);
      decoded_[request].push_back(rgb.clone());
    }
    FolderSink::frames(request, range, rgb);
  }
  at::Tensor decoded(RequestId request) const { return at::cat(decoded_.at(request)); }

 private:
  std::mutex mutex_;
  std::map<RequestId, std::vector<at::Tensor>> decoded_;
};

TEST(Videos, ShowTheFramesThatTheDecoderMade) {
  const TemporaryFolder folder;
  const RunFolder run = start_run(folder.path() / "run", "{}", {.random_embeddings = 5});
  const Workload workload = tiny_workload(kRequests, 2);
  const Remaining all = everything(workload);
  KeepingSink sink(run, all.numbers, {.ffmpeg = PIPEDIT_FFMPEG});
  Job job{.model = &tiny_model(), .workload = nullptr, .weights = &tiny_weights(), .inputs = {}, .sink = &sink};
  job.inputs = random_embeddings(5, tiny_model(), workload, all.numbers);
  const Workload asked = with_tokens_of(workload, job.inputs);
  job.workload = &asked;
  CpuBackend backend;
  execute(tiny_program({.denoise = 2, .decode = 1, .transport = Transport::host}, asked), backend, job);
  sink.close();

  const RequestShape& shape = workload.shapes.front();
  for (const RequestId request : all.numbers) {
    const Video video = read_video(run.video(request));
    EXPECT_EQ(video.width, shape.width);
    EXPECT_EQ(video.height, shape.height);
    EXPECT_EQ(video.frames_per_second, 24);
    ASSERT_EQ(video.frames.sizes(), sink.decoded(request).sizes());
    EXPECT_EQ(video.frames.size(0), shape.frames);
    EXPECT_GE(psnr(video.frames, sink.decoded(request)), 25);
  }
  EXPECT_LT(psnr(read_video(run.video(RequestId{0})).frames, sink.decoded(RequestId{1})), 25);  // another's
}

TEST(Latents, ThatAreNoNumbersFailTheRun) {
  const TemporaryFolder folder;
  const RunFolder run = start_run(folder.path() / "run", "{}", {.random_embeddings = 5});
  FolderSink sink(run, {RequestId{0}}, {.ffmpeg = PIPEDIT_FFMPEG});
  EXPECT_THROW(sink.latent(RequestId{0}, at::full({2, 1, 2, 2}, std::numeric_limits<double>::quiet_NaN())), Error);
  EXPECT_FALSE(std::filesystem::exists(run.latent(RequestId{0})));
}

}  // namespace
}  // namespace pipedit::executor::test
