#include <sys/resource.h>

#include <cstdlib>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/cli/plans.h"

namespace pipedit::cli_test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
  return names;
}

const char* const kFull = "/dev/full: cannot be written: No space left on device\n";

TEST(Unwritable, AFullDiskIsNamedByEveryCommandThatWrites) {
  const PlanFolder folder;
  ASSERT_EQ(folder.run({"simulate", "tiny.plan.json", "-o", "t.json"}).code, 0);
  const std::vector<std::string> commands[] = {
      tiny_plan_command(1, {"--only", "single", "-o", "/dev/full"}),
      {"simulate", "tiny.plan.json", "-o", "/dev/full"},
      {"simulate", "tiny.plan.json", "--trace", "/dev/full"},
      {"compare", "t.json", "t.json", "--html", "/dev/full"},
      {"devices", "-o", "/dev/full"},
  };
  for (const auto& command : commands) {
    const Outcome outcome = folder.run(command);
    EXPECT_EQ(outcome.code, 2) << command[0];
    EXPECT_THAT(outcome.err, testing::EndsWith(std::string("error: ") + kFull)) << command[0];
  }
}

TEST(Unwritable, AFileThatMayNotGrowLeavesNothing) {
  const PlanFolder folder;
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit small = before;
  small.rlim_cur = 1024;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const Outcome outcome = folder.run({"simulate", "tiny.plan.json", "-o", "t.json"});
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err, "error: t.json: cannot be written: File too large\n");
  EXPECT_THAT(names_in(folder / ""), testing::ElementsAre("tiny.plan.json"));
}

TEST(Unwritable, WhatIsReadIsNotReplaced) {
  const PlanFolder folder;
  ASSERT_EQ(folder.run({"simulate", "tiny.plan.json", "-o", "t.json"}).code, 0);
  const std::string plan = text_of(folder.plan()), timeline = text_of(folder / "t.json");
  EXPECT_EQ(folder.run({"simulate", "tiny.plan.json", "-o", "./tiny.plan.json"}).err,
            "error: ./tiny.plan.json: cannot be written: is what is read\n");
  EXPECT_EQ(folder.run({"compare", "t.json", "t.json", "--svg", "t.json"}).err,
            "error: t.json: cannot be written: is what is read\n");
  EXPECT_EQ(text_of(folder.plan()), plan);
  EXPECT_EQ(text_of(folder / "t.json"), timeline);
}

TEST(Unwritable, WhatAPlanIsMadeFromIsNotReplaced) {
  const PlanFolder folder;
  const std::filesystem::path clusters = std::filesystem::path(PIPEDIT_SOURCE_DIR) / "configs/clusters";
  std::filesystem::copy_file(clusters / "cpu.json", folder / "c.json");
  const Outcome outcome = folder.run({"plan", "--model", "hunyuanvideo-tiny", "--cluster", "c.json", "--size", "64x64",
                                      "--frames", "5", "--steps", "1", "-o", "c.json"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err, "error: c.json: cannot be written: is what is read\n");
  EXPECT_EQ(text_of(folder / "c.json"), text_of(clusters / "cpu.json"));
}

TEST(Unwritable, TwoOutputsAreTwoFiles) {
  const PlanFolder folder;
  const Outcome outcome = folder.run({"simulate", "tiny.plan.json", "-o", "t.json", "--trace", "./t.json"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.err, "error: t.json: cannot be written: is given for two outputs\n");
  EXPECT_THAT(names_in(folder / ""), testing::ElementsAre("tiny.plan.json"));
}

TEST(Unwritable, StandardOutputAndDevicesTakeSeveralOutputs) {
  const PlanFolder folder;
  EXPECT_EQ(folder.run({"simulate", "tiny.plan.json", "-o", "/dev/null", "--trace", "/dev/null"}).code, 0);
  const std::string piped = fmt::format("cd '{}' && '{}' simulate tiny.plan.json -o /dev/stdout | head -n 1 >first",
                                        (folder / "").string(), PIPEDIT_BINARY_DIR "/bin/pipedit");
  EXPECT_EQ(std::system(piped.c_str()), 0);
  EXPECT_EQ(text_of(folder / "first"), "{\n");
}

TEST(Unwritable, StandardOutputThatIsFullIsAFailure) {
  const Outcome outcome = pipedit({"list"}, {.folder = {}, .standard_output = "/dev/full"});
  EXPECT_EQ(outcome.code, 1);
  EXPECT_EQ(outcome.err, "error: standard output: No space left on device\n");
}

TEST(Unwritable, WhatCannotBeWrittenIsSaidBeforeLongWorkAndLeavesNothing) {
  const TemporaryFolder folder;
  write(folder / "file", "");
  const std::pair<std::string, std::string> lines[] = {{".", ".: is a folder"},
                                                       {"no/such/plan.json", "no/such/plan.json: no such folder"},
                                                       {"file/plan.json", "file/plan.json: no such folder"}};
  for (const auto& [path, line] : lines) {
    const Outcome outcome = pipedit(tiny_plan_command(2, {"-o", path}), {.folder = folder.path()});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.err, "error: " + line + "\n");
    EXPECT_EQ(outcome.out, "");
  }
  EXPECT_THAT(names_in(folder.path()), testing::ElementsAre("file"));
}

TEST(Unwritable, AFolderThatTakesNoFilesLeavesNothing) {  // root may write where permissions say no; not here
  const Outcome outcome = pipedit(tiny_plan_command(1, {"--only", "single", "-o", "/proc/plan.json"}));
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(last_line(outcome.err), HasSubstr("error: /proc/plan.json: cannot be written: "));
}

TEST(Unwritable, NothingIsLeftBesideAFileThatWasWritten) {
  const PlanFolder folder;
  EXPECT_THAT(names_in(folder / ""), testing::ElementsAre("tiny.plan.json"));
}

TEST(Writing, ToStandardOutputKeepsPlanAndAnswer) {
  const PlanFolder folder;
  const Outcome outcome = folder.run(tiny_plan_command(1, {"--only", "single", "-o", "/dev/stdout"}));
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, testing::StartsWith("# 1 x "));
  EXPECT_THAT(outcome.out, HasSubstr("\"format\": \"pipedit.plan\""));
}

}  // namespace
}  // namespace pipedit::cli_test
