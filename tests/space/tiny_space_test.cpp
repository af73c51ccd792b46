#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include <fmt/format.h>

#include "core/compare.h"
#include "program/lower/lower.h"
#include "program/verify/verify.h"
#include "simulator/costs/analytic_costs.h"
#include "simulator/simulate.h"
#include "tests/executor/fixture.h"
#include "tests/space/drawn_plans.h"
#include "tests/space/tiny_runner.h"

// The space of the tiny model on four ranks: all of it lowered, verified and simulated, a sample of it run.
namespace pipedit::executor::test {
namespace {

constexpr int kRanks = 4;
constexpr int kSample = 60;
constexpr int kTextTokens = 11;

Workload workload(int requests, int steps) {
  return uniform_workload({.width = 64, .height = 48, .frames = 9, .steps = steps, .text_tokens = kTextTokens},
                          requests);
}

std::vector<Plan> space() {
  return tests::single_pipeline_plans(kRanks, static_cast<int>(shipped_tiny_model().dit.num_heads), Transport::host);
}

Cluster four_cpus() { return first_devices(read_cluster(PIPEDIT_SOURCE_DIR "/configs/clusters/cpu.json"), kRanks); }

TEST(TinySpace, EveryPlanLowersVerifiesAndSimulatesTheSameWithAndWithoutTheMemo) {
  const Cluster four = four_cpus();
  const simulator::AnalyticCosts costs(four);
  const std::vector<Plan> plans = space();
  std::printf("%zu plans of one pipeline\n", plans.size());
  ASSERT_GE(plans.size(), 1000u);
  for (const Plan& plan : plans) {
    SCOPED_TRACE(describe(plan));
    const program::Program program = program::lower(shipped_tiny_model(), four, workload(2, 4), plan);
    const auto faults = program::verify(program, four);
    ASSERT_TRUE(faults.empty()) << faults.front().message;
    Timeline memo = simulator::simulate(program, four, costs);
    const Timeline full = simulator::simulate(program, four, costs, {.full = true, .decisions = {}});
    memo.steps_reused = full.steps_reused;
    ASSERT_TRUE(memo == full);
  }
}

TEST(TinySpaceParity, ASampleRunsWithOneRanksLatents) {
  const TinyRunner runner(2, kTextTokens);
  const Cluster cluster = four_cpus();
  const Workload load = workload(2, 3);
  const Outcome expected = runner.run(tests::plan({.transport = Transport::host}), cluster, load);
  std::vector<Plan> plans = space();
  std::shuffle(plans.begin(), plans.end(), std::mt19937_64(11));
  for (int i = 0; i < kSample; ++i) {
    SCOPED_TRACE(describe(plans[static_cast<std::size_t>(i)]));
    const Outcome outcome = runner.run(plans[static_cast<std::size_t>(i)], cluster, load);
    for (std::size_t request = 0; request < 2; ++request)
      EXPECT_LE(max_difference(outcome.latents.at(request), expected.latents.at(request)), 1e-5);
  }
}

// Names of all tasks of a timeline, by how often they occur.
std::vector<std::string> task_names(const Timeline& timeline) {
  std::vector<std::string> names;
  for (const TaskInstance& task : expand(timeline)) names.push_back(task.name);
  std::sort(names.begin(), names.end());
  return names;
}

TEST(TinySpace, MeasuredDecisionsReplayedGiveTheTasksOfTheRun) {
  const TinyRunner runner(3, kTextTokens);
  const Cluster cluster = four_cpus();
  const Workload load = workload(3, 6);
  const Plan plan =
      tests::plan({.denoise = 2, .decode = 2, .chunks = {2, 2}, .lent_heads = 2, .transport = Transport::host});
  const Timeline measured = runner.run(plan, cluster, load).timeline;
  const Timeline replayed =
      simulator::simulate(program::lower(shipped_tiny_model(), cluster, load, plan), cluster,
                          simulator::AnalyticCosts(cluster), {.full = false, .decisions = decisions(measured)});
  EXPECT_EQ(task_names(replayed), task_names(measured));
  const Comparison comparison = compare(replayed, measured);
  EXPECT_EQ(comparison.only_predicted, 0);
  EXPECT_EQ(comparison.only_measured, 0);
  EXPECT_TRUE(comparison.decisions_that_differ.empty());
  const auto lent = decisions(measured);
  const auto is_lent = [](const Decision& d) { return d.alternative == 1; };
  EXPECT_TRUE(std::any_of(lent.begin(), lent.end(), is_lent));
  EXPECT_FALSE(std::all_of(lent.begin(), lent.end(), is_lent));
}

}  // namespace
}  // namespace pipedit::executor::test
