#include <gtest/gtest.h>

#include <algorithm>

#include "core/compare.h"
#include "planner/search.h"
#include "simulator/costs/analytic_costs.h"
#include "tests/executor/fixture.h"
#include "tests/space/tiny_runner.h"

// The plans of scripts/demo.sh, shortened to a few steps, so that ThreadSanitizer can watch them run.
namespace pipedit::executor::test {
namespace {

constexpr int kRanks = 4;
constexpr int kRequests = 3;
constexpr int kTextTokens = 32;

Cluster cluster() { return first_devices(read_cluster(PIPEDIT_SOURCE_DIR "/configs/clusters/cpu.json"), kRanks); }

Workload shortened_demo() {
  RequestShape shape = read_workload(PIPEDIT_SOURCE_DIR "/configs/workloads/demo.json").shapes.front();
  shape.steps = 4;
  shape.text_tokens = kTextTokens;
  return uniform_workload(shape, kRequests);
}

// The planner's choice, of one family or of all.
Plan best(std::optional<std::string> family) {
  const Cluster four = cluster();
  planner::Question question;
  question.constraints.family = std::move(family);
  question.top = 1;
  question.most_simulations = 2;
  const planner::Answer answer =
      planner::search(shipped_tiny_model(), four, shortened_demo(), simulator::AnalyticCosts(four), question);
  return *answer.plans.at(*answer.winner).plan;
}

class DemoPlans : public testing::TestWithParam<const char*> {};

TEST_P(DemoPlans, RunWithOneRanksLatents) {
  const std::string family = GetParam();
  const TinyRunner runner(kRequests, kTextTokens);
  const Outcome one = runner.run(best("single"), cluster(), shortened_demo());
  const Outcome several =
      runner.run(best(family == "tuned" ? std::nullopt : std::optional(family)), cluster(), shortened_demo());
  ASSERT_EQ(several.latents.size(), one.latents.size());
  for (std::size_t request = 0; request < one.latents.size(); ++request)
    EXPECT_LE(max_difference(several.latents[request], one.latents[request]), 1e-5);
}

INSTANTIATE_TEST_SUITE_P(Families, DemoPlans, testing::Values("tuned", "ulysses", "dedivae_pipesp_aco"),
                         [](const auto& family) { return std::string(family.param); });

}  // namespace
}  // namespace pipedit::executor::test
