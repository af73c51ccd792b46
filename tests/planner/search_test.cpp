#include "planner/search.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "core/error.h"
#include "planner/families.h"
#include "planner/simplicity.h"
#include "planner/space.h"
#include "tests/planner/settings.h"

namespace pipedit::planner {
namespace {

constexpr RequestShape kTiny = tests::kSmallShape;

Workload shaped(RequestShape shape, int steps, int count) {
  shape.steps = steps;
  return uniform_workload(shape, count);
}

// What holds for every answer.
void expect_sound(const tests::Planned& planned, Objective objective, const Answer& answer) {
  ASSERT_TRUE(answer.winner.has_value());
  const PlanAnswer& winner = answer.plans[*answer.winner];
  std::set<std::string> named;
  for (const PlanAnswer& plan : answer.plans) {
    named.insert(plan.name);
    EXPECT_EQ(plan.predicted.has_value(), plan.verdict == Verdict::fits);
    EXPECT_EQ(plan.reason.empty(), plan.verdict == Verdict::fits) << plan.reason;
    if (plan.verdict != Verdict::fits) continue;
    EXPECT_EQ(plan.name, family_of(*plan.plan));
    EXPECT_LE(*plan.lower_bound, *plan.predicted) << describe(*plan.plan);
    EXPECT_LE(*winner.predicted, with_tie(*plan.predicted)) << describe(*plan.plan);
    EXPECT_EQ(plan.peaks.size(), static_cast<std::size_t>(planned.cluster.ranks()));
  }
  for (const std::string_view name : family_names()) EXPECT_TRUE(named.contains(std::string(name))) << name;
  EXPECT_EQ(*winner.predicted, planned.value(objective, *winner.plan));
  const Counts& counts = answer.counts;
  EXPECT_EQ(counts.considered, counts.pruned() + counts.by_memory + counts.simulated + counts.left);
}

TEST(Search, ItsWinnerIsNeverPredictedWorseThanANamedPlan) {
  const std::pair<const char*, Objective> cases[] = {
      {"h200x8", Objective::makespan}, {"a6000x8", Objective::latency}, {"l40x8", Objective::throughput}};
  for (const auto& [cluster, objective] : cases) {
    const tests::Planned planned("hunyuanvideo", tests::configured_cluster(cluster), shaped(tests::kFullShape, 3, 5));
    Question question;
    question.objective = objective;
    question.most_simulations = 4;
    SCOPED_TRACE(cluster);
    expect_sound(planned, objective, planned.search(question));
  }
}

TEST(Search, ItsWinnerIsNeverPredictedWorseThanANamedPlanOnACpu) {
  for (const int ranks : {4, 7}) {
    const tests::Planned planned("hunyuanvideo-tiny", tests::configured_cluster("cpu", ranks), shaped(kTiny, 2, 3));
    Question question;
    question.most_simulations = 4;
    expect_sound(planned, Objective::makespan, planned.search(question));
    question.objective = Objective::throughput;
    if (ranks == 4) expect_sound(planned, Objective::throughput, planned.search(question));
  }
}

// All plans of the space that the constraints allow, simulated.
std::vector<Nanos> every_value(const tests::Planned& planned, const Constraints& constraints, Objective objective) {
  const int heads = static_cast<int>(planned.model.dit.num_heads);
  std::vector<Nanos> values;
  for (const Cut& cut : cuts(planned.cluster.ranks())) {
    if (!allows(constraints, cut) || cut.size() > 1) continue;
    for (const int lent : lent_shares(cut.front().group, heads))
      for (const Details& details : planner::details(cut.front().group, lent, heads))
        if (allows(constraints, cut.front().group, details, heads))
          values.push_back(planned.value(objective, plan_of(cut, {details}, planned.cluster.transport)));
  }
  return values;
}

void expect_as_brute_force(const tests::Planned& planned, std::initializer_list<const char*> axes,
                           Objective objective) {
  Question question;
  question.objective = objective;
  question.most_simulations = {};
  for (const char* axis : axes) fix(question.constraints, axis);
  const Answer answer = planned.search(question);
  std::vector<Nanos> values = every_value(planned, question.constraints, objective);
  std::ranges::sort(values);
  ASSERT_TRUE(answer.winner.has_value());
  EXPECT_EQ(answer.gap, 0);
  EXPECT_EQ(answer.counts.left, 0u);
  EXPECT_GE(answer.counts.considered, values.size());
  EXPECT_LE(*answer.plans[*answer.winner].predicted, with_tie(with_tie(values.at(0))));
  EXPECT_FALSE(answer.runner_up_bound.has_value());
  EXPECT_LE(*answer.plans.at(1).predicted, with_tie(with_tie(values.at(1))));
}

TEST(Search, FindsWhatBruteForceFinds) {
  const tests::Planned cpu("hunyuanvideo-tiny", tests::configured_cluster("cpu", 3), shaped(kTiny, 2, 2));
  expect_as_brute_force(cpu, {"lent=0", "replicas=1", "rows=2", "fill=on"}, Objective::makespan);
  expect_as_brute_force(cpu, {"lent=3", "denoise=2", "rows=1"}, Objective::latency);
  const tests::Planned l40("hunyuanvideo", tests::configured_cluster("l40x8", 5), shaped(tests::kFullShape, 3, 4));
  expect_as_brute_force(l40, {"denoise=3", "fill=on", "ranks=5", "lent=3"}, Objective::makespan);
  expect_as_brute_force(l40, {"replicas=1", "ranks=4", "decode=0", "rows=1"}, Objective::throughput);
  const tests::Planned gpu("hunyuanvideo-tiny", tests::configured_cluster("h200x8", 4), shaped(kTiny, 3, 3));
  expect_as_brute_force(gpu, {"replicas=1", "lent=0", "rows=1", "ranks=4"}, Objective::makespan);
}

TEST(Search, SaysTheSameOnAnyNumberOfThreads) {
  const tests::Planned planned("hunyuanvideo-tiny", tests::configured_cluster("cpu", 3), shaped(kTiny, 2, 3));
  Question question;
  question.most_simulations = 6;
  question.threads = 1;
  const Answer alone = planned.search(question);
  question.threads = 4;
  const Answer together = planned.search(question);
  EXPECT_EQ(alone.plans, together.plans);
  EXPECT_EQ(alone.counts, together.counts);
  EXPECT_EQ(alone.gap, together.gap);
  EXPECT_EQ(alone.runner_up_bound, together.runner_up_bound);
}

TEST(Search, OfOneRankKnowsOnePlan) {
  const tests::Planned planned("hunyuanvideo-tiny", tests::configured_cluster("cpu", 1), shaped(kTiny, 2, 2));
  const Answer answer = planned.search({});
  ASSERT_TRUE(answer.winner.has_value());
  EXPECT_EQ(answer.plans[*answer.winner].name, "single");
  EXPECT_EQ(answer.counts.considered, 1u);
  for (const PlanAnswer& plan : answer.plans)
    EXPECT_EQ(plan.verdict, plan.name == "single" ? Verdict::fits : Verdict::not_applicable) << plan.name;
}

TEST(Search, KeepsToWhatIsFixed) {
  const tests::Planned planned("hunyuanvideo", tests::configured_cluster("h200x8"), shaped(tests::kFullShape, 3, 3));
  Question question;
  for (const char* axis : {"denoise=5", "decode=3", "chunks=2,1", "lent=3", "fill=off"})
    fix(question.constraints, axis);
  const Answer answer = planned.search(question);
  ASSERT_TRUE(answer.winner.has_value());
  const Pipeline& pipeline = answer.plans[*answer.winner].plan->pipelines.front();
  EXPECT_EQ(pipeline.denoise.size(), 5u);
  EXPECT_EQ(pipeline.chunks, (std::vector<int>{2, 3}));
  EXPECT_EQ(pipeline.lent_heads, 3);
  EXPECT_FALSE(pipeline.fill);
  Constraints nothing;
  for (const char* axis : {"denoise=5", "ranks=3"}) fix(nothing, axis);
  EXPECT_THROW(planned.search({.constraints = nothing}), InputError);
}

TEST(Search, OfOneFamilyListsThatAlone) {
  const tests::Planned planned("hunyuanvideo-tiny", tests::configured_cluster("cpu", 3), shaped(kTiny, 2, 2));
  Question question;
  question.most_simulations = 3;
  only(question.constraints, "dedivae");
  const Answer answer = planned.search(question);
  ASSERT_TRUE(answer.winner.has_value());
  for (const PlanAnswer& plan : answer.plans) EXPECT_EQ(plan.name, "dedivae");
}

TEST(Search, SaysWhatDoesNotFit) {
  const tests::Planned planned("hunyuanvideo", tests::configured_cluster("h200x8"), shaped(tests::kFullShape, 3, 3));
  Question question;
  question.most_simulations = 4;
  question.memory_limit = Bytes{std::int64_t{1} << 30};
  const Answer nothing = planned.search(question);
  EXPECT_FALSE(nothing.winner.has_value());
  EXPECT_EQ(nothing.counts.considered, nothing.counts.by_memory);
  for (const PlanAnswer& plan : nothing.plans) {
    EXPECT_TRUE(plan.verdict == Verdict::not_applicable || plan.reason.find("of 1.0 GiB") != std::string::npos);
    EXPECT_EQ(plan.name, plan.plan ? family_of(*plan.plan) : plan.name);
  }
  question.memory_limit = Bytes{std::int64_t{30} << 30};
  const Answer some = planned.search(question);
  ASSERT_TRUE(some.winner.has_value());
  EXPECT_GT(some.counts.by_memory, 0u);
  EXPECT_LE(std::ranges::max(some.plans[*some.winner].peaks), *question.memory_limit);
}

}  // namespace
}  // namespace pipedit::planner
