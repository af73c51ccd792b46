#include <gmock/gmock.h>

#include "tests/cli/program.h"

namespace pipedit::cli_test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct Case {
  std::string name;
  std::vector<std::string> arguments;
  std::string message;  // part of the last line of stderr
  friend void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }
};

class BadInput : public testing::TestWithParam<Case> {};

TEST_P(BadInput, ExitsWithTwoAndSaysWhatIsWrong) {
  const Outcome outcome = pipedit(GetParam().arguments);
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(last_line(outcome.err), StartsWith("error: "));
  EXPECT_THAT(last_line(outcome.err), HasSubstr(GetParam().message));
}

const Case kOptions[] = {
    {"NoCommand", {}, "a command is required"},
    {"UnknownCommand", {"lsit"}, "lsit: no such command; there are list, devices"},
    {"UnknownOption", {"list", "--jsn"}, "--jsn"},
    {"UnknownKind", {"list", "modles"}, "kind: expected models, clusters, workloads, plans, got \"modles\""},
    {"MissingArgument", {"compare", "a.json"}, "measured is required"},
    {"MissingFile", {"compare", "no/such.json", "b.json"}, "no/such.json: No such file or directory"},
    {"EmptyValue", {"devices", "-o", ""}, "-o: expected a value, got \"\""},
    {"UnwritableOutput", {"devices", "-o", "no/such/cluster.json"}, "no/such/cluster.json"},
};

std::vector<std::string> plan(const std::vector<std::string>& more) {
  std::vector<std::string> words = {"plan", "--model", "hunyuanvideo"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// Of a video that any cluster can make.
std::vector<std::string> small_plan(std::vector<std::string> more) {
  more.insert(more.begin(), {"--cluster", "cpu", "--size", "64x64", "--frames", "5"});
  return plan(more);
}

const Case kInputs[] = {
    {"NoModel", {"plan", "--cluster", "cpu"}, "--model is required"},
    {"UnknownModel",
     {"plan", "--model", "hunyan", "--cluster", "cpu"},
     "hunyan: no such model; there are hunyuanvideo, hun"},
    {"UnknownCluster", plan({"--cluster", "h300"}), "h300: no such cluster; there are a6000x8, cpu"},
    {"UnknownWorkload", plan({"--cluster", "cpu", "--workload", "huge"}), "huge: no such workload; there are "},
    {"NoWorkload", plan({"--cluster", "cpu"}), "--workload or --size is required"},
    {"TwoWorkloads", plan({"--cluster", "cpu", "--workload", "demo", "--steps", "3"}), "--workload: not beside --size"},
    {"TooManyGpus", plan({"--cluster", "h200x8", "--gpus", "9", "--size", "64x64", "--frames", "5"}),
     "--gpus: cluster h200x8: expected 1 to 8 devices, got 9"},
    {"NoGpus", plan({"--cluster", "h200x8", "--gpus", "0"}), "--gpus: expected 1 to 64, got 0"},
    {"TooManyRanks", plan({"--cluster", "h200x8", "--ranks-per-gpu", "4", "--size", "64x64", "--frames", "5"}),
     "--cluster: h200x8 has 32 ranks, plans are searched for up to 24"},
};

const Case kSizes[] = {
    {"SizeIsZero", plan({"--cluster", "cpu", "--size", "0x0", "--frames", "5"}), "--size: width: expected 16 to"},
    {"SizeHasThreeNumbers", plan({"--cluster", "cpu", "--size", "1280x720x", "--frames", "5"}),
     "--size: expected WIDTHxHEIGHT such as 1280x720, got \"1280x720x\""},
    {"SizeIsScientific", plan({"--cluster", "cpu", "--size", "1e9x1e9", "--frames", "5"}),
     "--size: expected WIDTHxHEIGHT"},
    {"SizeIsUnworkable", plan({"--cluster", "cpu", "--size", "16384x16384", "--frames", "4097"}),
     "a video of 16384x16384, 4097 frames makes 636056 tiles to decode"},
    {"SizeIsNoSize", plan({"--cluster", "cpu", "--size", "720p", "--frames", "5"}), "--size: expected WIDTHxHEIGHT"},
    {"SizeIsHuge", plan({"--cluster", "cpu", "--size", "99999999x64", "--frames", "5"}),
     "--size: width: expected 16 to"},
    {"SizeIsNegative", plan({"--cluster", "cpu", "--size", "64x-64", "--frames", "5"}),
     "--size: height: expected 16 to"},
    {"FramesNot4kPlus1", plan({"--cluster", "cpu", "--size", "64x64", "--frames", "6"}), "--frames: expected 4k + 1"},
    {"TextTokensTooMany", small_plan({"--text-tokens", "257"}),
     "--text-tokens: hunyuanvideo takes at most 256 text tokens, got 257"},
    {"FramesMissing", plan({"--cluster", "cpu", "--size", "64x64"}), "--frames is required beside --size"},
    {"StepsNoNumber", small_plan({"--steps", "many"}), "--steps: expected an integer, got \"many\""},
    {"StepsHuge", small_plan({"--steps", "99999999999"}), "--steps: expected 1 to 10000, got 99999999999"},
    {"CountNegative", small_plan({"--count", "-2"}), "--count: expected 1"},
    {"CountHuge", small_plan({"--count", "99999999999999999999"}),
     "--count: expected 1 to 100000, got 99999999999999999999"},
    {"StepsInAllHuge", small_plan({"--steps", "10000", "--count", "100000"}),
     "--count: 1000000000 steps in all, expected at most 1000000"},
};

const Case kAxes[] = {
    {"LimitWithoutUnit", plan({"--cluster", "cpu", "--memory-limit", "70"}),
     "--memory-limit: expected a size such as 70GiB"},
    {"UnknownFamily", small_plan({"--only", "magic"}), "magic"},
    {"UnknownAxis", small_plan({"--fix", "speed=9"}), "--fix speed=9: expected"},
    {"MoreRanksThanThereAre", small_plan({"--fix", "denoise=99"}), "--fix denoise=99: cluster cpu has 8 ranks"},
    {"HeadsThatNoRankGets", small_plan({"--fix", "lent=99"}), "--fix lent=99: the model has 24 heads"},
    {"ChunksOfMoreHeads", small_plan({"--fix", "chunks=99"}), "--fix chunks=99: the model has 24 heads"},
    {"UnwritablePlan", small_plan({"-o", "no/such/plan.json"}), "no/such/plan.json: no such folder"},
};

const Case kRuns[] = {
    {"ShowNothing", {"show", "none.json"}, "none.json: No such file or directory"},
    {"RunWithoutPlan", {"run"}, "a plan file or --resume is required"},
    {"RunOnWhatIsNotThere", {"run", "a.json", "--device", "tpu"}, "--device: expected cpu"},
#ifdef PIPEDIT_TESTS_RUN
    {"ResumeNothing", {"run", "--resume", "no/such"}, "no/such"},
#endif
    {"ResumeWithMore", {"run", "--resume", "no/such", "--random-weights", "1"}, "--resume: the folder holds"},
    {"ResumeWithAnotherSeed", {"run", "--resume", "no/such", "--seed", "0"}, "--resume: the folder holds"},
    {"ResumeElsewhere", {"run", "--resume", "no/such", "--device", "cuda"}, "--resume: the folder holds"},
};

std::string name_of(const testing::TestParamInfo<Case>& instance) { return instance.param.name; }

INSTANTIATE_TEST_SUITE_P(Options, BadInput, testing::ValuesIn(kOptions), name_of);
INSTANTIATE_TEST_SUITE_P(Inputs, BadInput, testing::ValuesIn(kInputs), name_of);
INSTANTIATE_TEST_SUITE_P(Sizes, BadInput, testing::ValuesIn(kSizes), name_of);
INSTANTIATE_TEST_SUITE_P(Axes, BadInput, testing::ValuesIn(kAxes), name_of);
INSTANTIATE_TEST_SUITE_P(Runs, BadInput, testing::ValuesIn(kRuns), name_of);

}  // namespace
}  // namespace pipedit::cli_test
