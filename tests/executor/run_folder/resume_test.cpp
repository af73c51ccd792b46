#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "core/json.h"
#include "executor/backends/cpu/cpu_backend.h"
#include "executor/inputs/embeddings.h"
#include "executor/run_folder/folder_sink.h"
#include "executor/run_folder/resume.h"
#include "executor/weights/safetensors.h"
#include "tests/core/temporary_folder.h"
#include "tests/executor/fixture.h"
#include "tests/executor/run_plan.h"
#include "tests/executor/video/small_files.h"

namespace pipedit::executor::test {
namespace {

const tests::PlanShape kPlan{.denoise = 2, .decode = 1, .transport = Transport::host};
constexpr int kRequests = 3;

RunOrigin origin(bool keep_latents) { return {.random_embeddings = 5, .seed = 9, .keep_latents = keep_latents}; }

// What `pipedit run` does, into a folder that has been started.
void go_on(const RunFolder& folder, const ExecuteOptions& options = {}, const std::string& ffmpeg = PIPEDIT_FFMPEG) {
  const JournalContents journal = read_journal(folder.journal());
  const Remaining left = remaining(folder, journal, tiny_workload(kRequests, 2));
  Job job{.model = &tiny_model(),
          .workload = nullptr,
          .weights = &tiny_weights(),
          .inputs = {},
          .seed = journal.origin.seed,
          .sink = nullptr};
  job.inputs = random_embeddings(*journal.origin.random_embeddings, tiny_model(), left.workload, left.numbers);
  for (std::size_t i = 0; i < job.inputs.size(); ++i) job.inputs[i].latents = left.latents[i];
  const Workload workload = with_tokens_of(left.workload, job.inputs);
  FolderSink sink(folder, left.numbers, {.keep_latents = journal.origin.keep_latents, .ffmpeg = ffmpeg});
  job.workload = &workload;
  job.sink = &sink;
  CpuBackend backend;
  execute(tiny_program(kPlan, workload), backend, job, options);
  sink.close();
}

std::vector<std::string> files_of(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) names.push_back(std::filesystem::relative(entry.path(), folder).string());
  return names;
}

using testing::UnorderedElementsAre;

TEST(Run, LeavesVideosAndNoLatents) {
  const TemporaryFolder folder;
  const RunFolder run = start_run(folder.path() / "run", "{}", origin(false));
  go_on(run);
  EXPECT_THAT(files_of(run.root()), UnorderedElementsAre("plan.json", "journal.jsonl", "request_0000.mp4",
                                                         "request_0001.mp4", "request_0002.mp4"));
  EXPECT_FALSE(std::filesystem::exists(run.latents()));
}

// Stops the run when the given task of a request is about to start.
ExecuteOptions failing_at(RequestId request, program::OpKind kind) {
  return {.before_task = [=](const TaskInstanceRef& at) {
    if (at.call.bindings.request == request && at.task.kind == kind) throw Error("pulled the plug");
  }};
}

class Resume : public testing::TestWithParam<program::OpKind> {};

// Latents of the resumed run are those of one that nobody stopped, to the bit; and nothing finished is done again.
TEST_P(Resume, RepeatsNoFinishedWorkAndChangesNoBit) {
  const TemporaryFolder folder;
  const RunFolder whole = start_run(folder.path() / "whole", "{}", origin(true));
  go_on(whole);
  const RunFolder stopped = start_run(folder.path() / "stopped", "{}", origin(true));
  EXPECT_THROW(go_on(stopped, failing_at(RequestId{1}, GetParam())), Error);
  EXPECT_FALSE(std::filesystem::exists(stopped.video(RequestId{1})));
  const bool denoised = read_journal(stopped.journal()).latents.contains(RequestId{1});
  int steps_of_second = 0;
  std::mutex mutex;
  go_on(stopped, {.before_task = [&](const TaskInstanceRef& at) {
          const std::lock_guard lock(mutex);
          steps_of_second += at.task.kind == program::OpKind::scheduler_step;
        }});
  EXPECT_EQ(denoised, GetParam() == program::OpKind::blend);
  EXPECT_LE(steps_of_second, denoised ? 4 : 8);
  for (int request = 0; request < kRequests; ++request) {
    const RequestId id{request};
    EXPECT_EQ(read_text(stopped.video(id)), read_text(whole.video(id)));
    EXPECT_EQ(max_difference(SafetensorsFile(stopped.latent(id)).tensor("latents"),
                             SafetensorsFile(whole.latent(id)).tensor("latents")),
              0);
  }
}

INSTANTIATE_TEST_SUITE_P(At, Resume, testing::Values(program::OpKind::scheduler_step, program::OpKind::blend),
                         [](const auto& test) { return std::string(program::name_of(test.param)); });

// A run of the same job that nobody stopped.
class BrokenRun : public testing::Test {
 protected:
  void SetUp() override { go_on(whole_); }

  // Nothing is half there, and whoever goes on gets what an unbroken run gets.
  void expect_to_recover() {
    EXPECT_THAT(files_of(broken_.root()), testing::Not(testing::Contains(testing::HasSubstr(".part"))));
    for (int request = 0; request < kRequests; ++request)
      EXPECT_EQ(std::filesystem::exists(broken_.video(RequestId{request})),
                read_journal(broken_.journal()).finished.contains(RequestId{request}));
    go_on(broken_);
    for (int request = 0; request < kRequests; ++request)
      EXPECT_EQ(read_text(broken_.video(RequestId{request})), read_text(whole_.video(RequestId{request})));
  }

  std::string error_of_run(const std::string& ffmpeg = PIPEDIT_FFMPEG, const ExecuteOptions& options = {}) {
    try {
      go_on(broken_, options, ffmpeg);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  std::string error_of_run_with_files_up_to(std::uintmax_t size, const std::string& ffmpeg = PIPEDIT_FFMPEG) {
    const SmallFiles small(size);
    return error_of_run(ffmpeg);
  }

  // Stands in for ffmpeg; "$last" is the video to write.
  std::string encoder(const std::string& commands) const {
    const auto script = folder_.path() / "ffmpeg";
    std::ofstream(script) << "#!/bin/sh\nfor last; do :; done\n" << commands;
    std::filesystem::permissions(script, std::filesystem::perms::owner_all);
    return script.string();
  }

  TemporaryFolder folder_;
  RunFolder whole_ = start_run(folder_.path() / "whole", "{}", origin(true));
  RunFolder broken_ = start_run(folder_.path() / "broken", "{}", origin(true));
};

TEST_F(BrokenRun, WhoseFfmpegIsKilledGoesOn) {
  EXPECT_THAT(error_of_run(encoder("echo half >\"$last\"\nkill -KILL $$\n")),
              testing::AllOf(testing::ContainsRegex("request_000.\\.mp4: .* was killed by signal 9"),
                             testing::Not(testing::HasSubstr("\n"))));
  expect_to_recover();
}

TEST_F(BrokenRun, WhoseFfmpegHangsEndsWhenAnotherRankFails) {
  const auto hung = folder_.path() / "hung";
  const ExecuteOptions fails_then{.before_task = [&](const TaskInstanceRef& at) {
    const bool is_second = at.call.bindings.request == RequestId{1} && at.task.rank == Rank{0};  // keeps one core busy
    if (!is_second || at.task.kind != program::OpKind::scheduler_step) return;
    while (!std::filesystem::exists(hung)) std::this_thread::sleep_for(1ms);
    throw Error("pulled the plug");
  }};
  EXPECT_THAT(error_of_run(encoder(fmt::format("touch '{}'\nexec sleep 600\n", hung.string())), fails_then),
              testing::HasSubstr("pulled the plug"));
  expect_to_recover();
}

TEST_F(BrokenRun, WhoseDiskIsFullForLatentsGoesOn) {
  const auto size = std::filesystem::file_size(whole_.latent(RequestId{0}));
  EXPECT_THAT(error_of_run_with_files_up_to(size / 2),
              testing::ContainsRegex("request_000.\\.safetensors: cannot be written: File too large"));
  expect_to_recover();
}

TEST_F(BrokenRun, WhoseDiskIsFullForVideosGoesOn) {
  const auto size = std::filesystem::file_size(whole_.latent(RequestId{0}));
  // raw frames, for a compressed video may be smaller than its latents
  EXPECT_THAT(error_of_run_with_files_up_to(size, encoder("exec cat >\"$last\"\n")),
              testing::ContainsRegex("request_000.\\.mp4: .*File too large"));
  expect_to_recover();
}

TEST(Remaining, OfAFinishedRunHasNothingLeft) {
  const TemporaryFolder folder;
  const RunFolder run = start_run(folder.path() / "run", "{}", origin(false));
  go_on(run);
  EXPECT_TRUE(remaining(run, read_journal(run.journal()), tiny_workload(kRequests, 2)).numbers.empty());
}

TEST(Remaining, ALatentWhoseFileIsGoneIsDenoisedAgain) {
  const TemporaryFolder folder;
  const RunFolder run = start_run(folder.path() / "run", "{}", origin(false));
  Journal(run.journal()).add(JournalEvent::latent, RequestId{0});
  const Remaining left = remaining(run, read_journal(run.journal()), tiny_workload(1, 2));
  EXPECT_EQ(left.workload.shapes.at(0).steps, 2);
  EXPECT_FALSE(left.latents.at(0).has_value());
}

}  // namespace
}  // namespace pipedit::executor::test
