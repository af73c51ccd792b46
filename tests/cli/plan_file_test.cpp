#include <gmock/gmock.h>

#include "tests/cli/plans.h"

namespace pipedit::cli_test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

struct Damage {
  std::string name, from, to;
  std::string message;  // of the last line, after the file's name
  friend void PrintTo(const Damage& damage, std::ostream* out) { *out << damage.name; }
};

class DamagedPlan : public testing::TestWithParam<Damage> {};

TEST_P(DamagedPlan, IsRefusedByFileAndKey) {
  const PlanFolder folder;
  folder.damage("bad.plan.json", GetParam().from, GetParam().to);
  for (const char* command : {"show", "simulate"}) {
    const Outcome outcome = folder.run({command, "bad.plan.json"});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(last_line(outcome.err), StartsWith("error: bad.plan.json: " + GetParam().message));
  }
}

const Damage kDamages[] = {
    {"UnknownKey", "\"row_groups\"", "\"row_grups\"", "/plan/pipelines/0/row_grups: unknown key"},
    {"WrongType", "\"row_groups\": 1", "\"row_groups\": \"one\"", "/plan/pipelines/0/row_groups: expected an integer"},
    {"Negative", "\"row_groups\": 1", "\"row_groups\": -1", "/plan/pipelines/0/row_groups: expected 1 to 16, got -1"},
    {"Huge", "\"width\": 64", "\"width\": 99999999999", "/workload/shapes/0/width"},
    {"FramesNot4kPlus1", "\"frames\": 5", "\"frames\": 6", "/workload/shapes/0/frames: expected 4k + 1"},
    {"TextTokensTooMany", "\"text_tokens\": 16", "\"text_tokens\": 33",
     "/workload/shapes/0/text_tokens: hunyuanvideo-tiny takes at most 32"},
    {"NewerVersion", "\"version\": 1", "\"version\": 9", "/version"},
    {"OtherFormat", "pipedit.plan", "pipedit.planet", "/format"},
    {"KeyGivenTwice", "\"row_groups\": 1", "\"row_groups\": 1, \"row_groups\": 1",
     "/plan/pipelines/0/row_groups: given twice"},
    {"NumberAsText", "\"row_groups\": 1", "\"row_groups\": \"1\"", "/plan/pipelines/0/row_groups: expected an integer"},
    {"MoreThan64Bits", "\"row_groups\": 1", "\"row_groups\": 99999999999999999999",
     "/plan/pipelines/0/row_groups: too large"},
    {"NoNumber", "\"row_groups\": 1", "\"row_groups\": NaN", "not valid JSON at line "},
    {"HeadsThatNoRankGets", "\"lent_heads\": 0", "\"lent_heads\": 99",
     "/plan/pipelines/0/lent_heads: 99 heads are lent and the model has 14"},
    {"RingThatIsNotThere", "\"ring\": 1", "\"ring\": 2", "/plan/pipelines/0/ring: "},
    {"UnknownKernel", "\"attention\": \"", "\"attention\": \"magic", "/plan/attention: expected auto, cpu"},
    {"KernelOfGpus", "\"attention\": \"auto", "\"attention\": \"fa3",
     "/plan/attention: expected auto or cpu, since the cluster has CPUs"},
    {"TransportOfGpus", "\"transport\": \"host", "\"transport\": \"nccl",
     "/plan/transport: expected host, since the cluster has CPUs"},
    {"VideoOfTooManyTiles", "\"width\": 64, \"height\": 64, \"frames\": 5",
     "\"width\": 16384, \"height\": 16384, \"frames\": 4097",
     "model hunyuanvideo-tiny: a video of 16384x16384, 4097 frames makes "},
    {"TooManyRanks", "\"decode\": [2]", "\"decode\": [2, 3]", "/plan"},
    {"NotJson", "{", "[", "not valid JSON"},
};
INSTANTIATE_TEST_SUITE_P(Damages, DamagedPlan, testing::ValuesIn(kDamages),
                         [](const auto& instance) { return instance.param.name; });

TEST(PlanFile, ThatBreaksOffIsRefused) {
  const PlanFolder folder;
  const std::string text = text_of(folder.plan());
  write(folder / "half.json", text.substr(0, text.size() / 2));
  const Outcome outcome = folder.run({"simulate", "half.json"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(last_line(outcome.err), StartsWith("error: half.json: not valid JSON"));
}

TEST(PlanFile, OfAClusterThatIsTooSmallHasNoPrediction) {
  const PlanFolder folder;
  folder.damage("small.json", "\"memory_bytes\": 16000000000", "\"memory_bytes\": 1040000000");
  const Outcome outcome = folder.run({"simulate", "small.json"});
  EXPECT_EQ(outcome.code, 3);
  EXPECT_THAT(last_line(outcome.err), HasSubstr("small.json: ranks 0, 1, 2 need together "));
}

TEST(PlanFile, IsTheSameForTheSameQuestion) { EXPECT_EQ(text_of(PlanFolder().plan()), text_of(PlanFolder().plan())); }

}  // namespace
}  // namespace pipedit::cli_test
