#include <gtest/gtest.h>

#include "tests/cli/golden.h"
#include "tests/cli/plans.h"

namespace pipedit::cli_test {
namespace {

TEST(PlanGolden, RanksEveryKnownPlanOnAShippedCluster) {
  const Outcome outcome = pipedit({"plan", "--model", "hunyuanvideo", "--cluster", "h200x8", "--size", "1280x720",
                                   "--frames", "129", "--steps", "50", "--count", "10"});
  EXPECT_EQ(outcome.code, 0);
  expect_golden("plan_h200x8", outcome.out);
}

TEST(PlanGolden, SearchesOneFamilyWithAFixedAxis) {
  const Outcome outcome = pipedit(tiny_plan_command(3, {"--only", "dedivae", "--fix", "denoise=2"}));
  EXPECT_EQ(outcome.code, 0);
  expect_golden("plan_tiny", outcome.out);
}

TEST(ShowGolden, PrintsTheProgramOfASmallPlan) {
  const Outcome outcome = PlanFolder().run({"show", "tiny.plan.json"});
  EXPECT_EQ(outcome.code, 0);
  expect_golden("show_tiny", outcome.out);
}

TEST(SimulateGolden, PredictsASmallPlan) {
  const Outcome outcome = PlanFolder().run({"simulate", "tiny.plan.json"});
  EXPECT_EQ(outcome.code, 0);
  expect_golden("simulate_tiny", outcome.out);
}

}  // namespace
}  // namespace pipedit::cli_test
