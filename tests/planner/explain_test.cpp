#include "planner/explain.h"

#include <numeric>

#include <gtest/gtest.h>

#include "tests/planner/settings.h"

namespace pipedit::planner {
namespace {

double sum(const std::vector<CriticalShare>& shares) {
  return std::accumulate(shares.begin(), shares.end(), 0.0, [](double s, const auto& one) { return s + one.share; });
}

bool has(const std::vector<std::string>& sentences, const std::string& opening) {
  for (const std::string& one : sentences)
    if (one.starts_with(opening)) return true;
  return false;
}

// Full-size attention on fast links: what else should it wait for?
TEST(CriticalPath, OfAFullSizeVideoIsAttention) {
  const tests::Planned planned("hunyuanvideo", tests::configured_cluster("h200x8"),
                               uniform_workload(tests::kFullShape, 2));
  for (const Group group : {Group{8, 0}, Group{6, 2}}) {
    const Plan plan = plan_of({{group, 1}}, {{}}, Transport::peer);
    const Simulation simulation =
        simulate_plan(planned.model, planned.cluster, planned.workload, planned.costs, Objective::makespan, plan);
    const auto path = critical_path(simulation.program, simulation.timeline, planned.costs);
    EXPECT_NEAR(sum(path), 1, 1e-9);
    EXPECT_EQ(path.front().what, "attention");
    EXPECT_GT(path.front().share, 0.4);
    for (const CriticalShare& share : path) EXPECT_TRUE(share.what != "waiting" || share.share < 0.1) << share.share;
  }
}

TEST(Explain, SaysWhatFollows) {
  const tests::Planned planned("hunyuanvideo", tests::configured_cluster("h200x8"),
                               uniform_workload(tests::kFullShape, 1));
  Question question;
  question.objective = Objective::latency;
  question.most_simulations = 4;
  const Answer answer = planned.search(question);
  const Explanation why =
      explain(planned.model, planned.cluster, planned.workload, planned.costs, Objective::latency, answer);
  EXPECT_TRUE(has(why.sentences, "Do not disaggregate: dedivae"));
  EXPECT_TRUE(has(why.sentences, "Its critical path is attention"));
  EXPECT_TRUE(has(why.sentences, "It depends most on the cost of attention (not measured: from peak rates)"));
  EXPECT_FALSE(has(why.sentences, "Use fewer ranks"));
}

TEST(Explain, AdvisesFewerRanksForFewerRequests) {
  const tests::Planned planned("hunyuanvideo-tiny", tests::configured_cluster("h200x8"),
                               uniform_workload(tests::kSmallShape, 3));
  Question question;
  for (const char* axis : {"denoise=1", "decode=0"}) fix(question.constraints, axis);
  const Answer answer = planned.search(question);
  EXPECT_TRUE(has(advice(answer, planned.cluster), "Use fewer ranks: 3 of 8 are enough."));
}

}  // namespace
}  // namespace pipedit::planner
