#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/cli/plans.h"

namespace pipedit::cli_test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using testing::HasSubstr;

const std::vector<std::string> kRandom = {"--random-weights", "1", "--random-embeddings", "1"};

std::vector<std::string> run_into(const std::string& folder, std::vector<std::string> more = {}) {
  std::vector<std::string> command = {"run", "tiny.plan.json", "-o", folder};
  command.insert(command.end(), kRandom.begin(), kRandom.end());
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

TEST(Run, LeavesVideosAJournalAndATimelineThatCompares) {
  const PlanFolder folder;
  const Outcome outcome = folder.run(run_into("run", {"--json", "--keep-latents"}));
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(Json::parse(outcome.out).at("requests").size(), 2);
  for (const char* name : {"request_0000.mp4", "request_0001.mp4", "journal.jsonl", "measured.timeline.json",
                           "latents/request_0001.safetensors"})
    EXPECT_TRUE(fs::exists(folder / "run" / name)) << name;

  ASSERT_EQ(folder.run({"simulate", "tiny.plan.json", "-o", "predicted.json"}).code, 0);
  const Outcome compared = folder.run({"compare", "predicted.json", "run/measured.timeline.json", "--json"});
  ASSERT_EQ(compared.code, 0) << compared.err;
  EXPECT_EQ(Json::parse(compared.out).at("only_predicted"), 0);
  EXPECT_EQ(Json::parse(compared.out).at("only_measured"), 0);
}

TEST(Run, DoesNotStartInAFolderThatIsNotEmpty) {
  const PlanFolder folder;
  const Outcome outcome = folder.run(run_into("."));
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(last_line(outcome.err), HasSubstr(".: not empty"));
}

TEST(Run, WithAFolderOfEmbeddingsThatIsNotThereLeavesNothingBehind) {
  const PlanFolder folder;
  const Outcome outcome =
      folder.run({"run", "tiny.plan.json", "-o", "run", "--random-weights", "1", "--embeddings", "no/such"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(last_line(outcome.err), HasSubstr("no/such"));
  EXPECT_FALSE(fs::exists(folder / "run"));
}

TEST(Run, OfPromptsAloneSaysThatTextIsNotEncodedHere) {
  const PlanFolder folder;
  const Outcome outcome = folder.run({"run", "tiny.plan.json", "-o", "run", "--random-weights", "1", "--prompts", "p"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(last_line(outcome.err), HasSubstr("--prompts: a run does not encode text"));
}

// As on a machine without a GPU, whatever this one has.
TEST(Run, OfAPlanForGpusSaysWhatIsMissing) {
  const PlanFolder folder;
  ASSERT_EQ(folder
                .run({"plan", "--model", "hunyuanvideo-tiny", "--cluster", "h200x8", "--gpus", "1", "--size", "64x64",
                      "--frames", "5", "--steps", "4", "-o", "gpu.plan.json"})
                .code,
            0);
  std::vector<std::string> command = run_into("run");
  command[1] = "gpu.plan.json";
  const Outcome outcome = pipedit(command, {(folder / "").string(), {"CUDA_VISIBLE_DEVICES="}});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(last_line(outcome.err), testing::ContainsRegex("error: this (build|machine) has no "));
  EXPECT_FALSE(fs::exists(folder / "run"));
}

TEST(Run, OnAnotherDeviceThanThePlansIsRefused) {
  const PlanFolder folder;
  const Outcome outcome = folder.run(run_into("run", {"--device", "cuda"}));
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(last_line(outcome.err), HasSubstr("--device cuda: the plan is for 1 x CPU, 3 ranks"));
}

TEST(Run, SaysWhatMemoryItTook) {
  const PlanFolder folder;
  const Outcome outcome = folder.run(run_into("run", {"--json"}));
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const Json memory = Json::parse(outcome.out).at("memory");
  ASSERT_EQ(memory.size(), 1);
  EXPECT_GT(memory.at(0).at("predicted_peak_bytes"), 0);
  EXPECT_GE(memory.at(0).at("measured_peak_bytes"), memory.at(0).at("predicted_peak_bytes"));
}

TEST(Run, ThatIsFinishedHasNothingToResume) {
  const PlanFolder folder;
  ASSERT_EQ(folder.run(run_into("run")).code, 0);
  const Outcome outcome = folder.run({"run", "--resume", "run"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("Nothing was left to do."));
}

TEST(Run, ThatIsInterruptedEndsInSeconds) {
  const PlanFolder folder;
  folder.damage("long.plan.json", "\"frames\": 5, \"steps\": 4", "\"frames\": 5, \"steps\": 4000");
  std::vector<std::string> command = run_into("run");
  command[1] = "long.plan.json";
  for (const int signal : {SIGINT, SIGHUP}) {  // Ctrl-C, and a terminal that is closed
    fs::remove_all(folder / "run");
    const Outcome stopped = pipedit(command, {.folder = (folder / "").string(),
                                              .interrupt_after_ms = 1000,
                                              .signal = signal,
                                              .interrupt_behind = "run/journal.jsonl"});
    EXPECT_EQ(stopped.code, 1);
    EXPECT_EQ(stopped.out, "");
    EXPECT_EQ(last_line(stopped.err),
              "error: run: interrupted; what was finished is kept, pipedit run --resume run goes on");
    EXPECT_LT(stopped.seconds, 10);
    EXPECT_FALSE(fs::exists(folder / "run/measured.timeline.json"));
  }
}

// Wherever Ctrl-C met it, a run that goes on makes what one makes that nobody stopped.
TEST(Run, ThatIsInterruptedGoesOnToTheSameBits) {
  const PlanFolder folder;
  folder.damage("long.plan.json", "\"frames\": 5, \"steps\": 4", "\"frames\": 5, \"steps\": 40");
  const auto run_long = [&](const char* into, int interrupt_after_ms) {
    std::vector<std::string> command = run_into(into, {"--keep-latents"});
    command[1] = "long.plan.json";
    return pipedit(command, {.folder = (folder / "").string(),
                             .interrupt_after_ms = interrupt_after_ms,
                             .interrupt_behind = "stopped/journal.jsonl"});
  };
  ASSERT_EQ(run_long("whole", 0).code, 0);
  ASSERT_EQ(run_long("stopped", 200).code, 1);
  const Outcome resumed = folder.run({"run", "--resume", "stopped"});
  ASSERT_EQ(resumed.code, 0) << resumed.err;
  for (const char* name :
       {"latents/request_0000.safetensors", "latents/request_0001.safetensors", "request_0000.mp4", "request_0001.mp4"})
    EXPECT_EQ(text_of(folder / "stopped" / name), text_of(folder / "whole" / name)) << name;
}

}  // namespace
}  // namespace pipedit::cli_test
