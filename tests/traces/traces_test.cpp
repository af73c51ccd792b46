#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "cli/attention_kernel.h"
#include "cli/json_answers.h"
#include "core/compare.h"
#include "core/file.h"
#include "planner/plan_file.h"
#include "program/lower/lower.h"
#include "simulator/costs/profile_costs.h"
#include "simulator/simulate.h"

// What was once planned, predicted, measured and compared on GPUs (traces/): today's planner, simulator and compare()
// must give the same answers from the same profile.
namespace pipedit::tests {
namespace {

namespace fs = std::filesystem;

const fs::path kTraces = PIPEDIT_SOURCE_DIR "/traces";
const std::string kPlan = ".plan.json";

// Paths below traces/ without the ending.
std::vector<std::string> runs() {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(kTraces)) {
    const std::string name = fs::relative(entry.path(), kTraces).string();
    if (name.ends_with(kPlan)) names.push_back(name.substr(0, name.size() - kPlan.size()));
  }
  std::sort(names.begin(), names.end());
  return names;
}

struct Case {
  explicit Case(const std::string& name)
      : file(planner::read_plan_file(kTraces / (name + kPlan))),
        profile(planner::profile_of(file, kTraces / (name + kPlan)).value()),
        costs(profile, file.cluster, file.plan.attention),
        predicted(read_timeline(kTraces / (name + ".predicted.timeline.json"))),
        measured(read_timeline(kTraces / (name + ".measured.timeline.json"))) {}

  planner::PlanFile file;
  Profile profile;
  simulator::ProfileCosts costs;
  Timeline predicted, measured;
};

// To what the run was asked for. Those of a sweep are called by it: "pipesp_4_4_4_rows_1".
void pin(planner::Constraints& constraints, const std::string& name, const Case& trace) {
  const Plan& plan = trace.file.plan;
  constraints.family = plan.name;
  constraints.ranks = static_cast<int>(trace.predicted.ranks.size());
  constraints.transport = plan.transport;
  if (name.find("_rows_") == std::string::npos) return;
  constraints.chunks = plan.pipelines.front().chunks;
  constraints.rows = plan.pipelines.front().row_groups;
}

TEST(Traces, AreThere) { EXPECT_GE(runs().size(), 10u); }

class TracesGolden : public testing::TestWithParam<std::string> {};

TEST_P(TracesGolden, TheSimulatorPredictsTheSame) {
  const Case trace(GetParam());
  const auto program = program::lower(trace.file.model, trace.file.cluster, trace.file.workload, trace.file.plan);
  EXPECT_TRUE(simulator::simulate(program, trace.file.cluster, trace.costs) == trace.predicted);
}

TEST_P(TracesGolden, ThePlannerChoosesTheSame) {
  const Case trace(GetParam());
  planner::Question question;
  question.top = 1;
  if (GetParam().find("-choice-") == std::string::npos) pin(question.constraints, GetParam(), trace);
  const planner::Answer answer =
      planner::search(trace.file.model, trace.file.cluster, trace.file.workload, trace.costs, question);
  const planner::PlanAnswer& winner = answer.plans.at(answer.winner.value());
  Plan chosen = winner.plan.value();
  chosen.attention = cli::attention_kernel(trace.profile, trace.file.model, trace.file.workload);
  EXPECT_EQ(chosen, trace.file.plan);
  EXPECT_EQ(winner.predicted, trace.predicted.makespan);
}

TEST_P(TracesGolden, EveryTaskThatWasMeasuredWasPredicted) {
  const Case trace(GetParam());
  const Comparison comparison = compare(trace.predicted, trace.measured);
  if (comparison.decisions_that_differ.empty()) {
    EXPECT_EQ(comparison.only_predicted, 0);
    EXPECT_EQ(comparison.only_measured, 0);
  }
  EXPECT_LE(std::abs(comparison.end_to_end_error), 0.15);
  EXPECT_EQ(cli::json_of(comparison), read_text(kTraces / (GetParam() + ".compare.json")));
}

INSTANTIATE_TEST_SUITE_P(Runs, TracesGolden, testing::ValuesIn(runs()), [](const auto& run) {
  std::string name = run.param;
  std::ranges::replace_if(
      name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; }, '_');
  return name;
});

}  // namespace
}  // namespace pipedit::tests
