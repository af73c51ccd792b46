#include "planner/space.h"

#include <set>

#include <gtest/gtest.h>

#include "core/error.h"
#include "planner/families.h"
#include "planner/space_text.h"
#include "program/lower/lower.h"
#include "program/verify/verify.h"
#include "tests/planner/settings.h"

namespace pipedit::planner {
namespace {

// Every way to cut n into parts that are co-located or split in two groups: parts of k ranks come in k kinds.
TEST(Cuts, AreThosePlanePartitionsCount) {
  EXPECT_EQ(cuts(1).size(), 1u);
  EXPECT_EQ(cuts(2).size(), 1u + 3);
  EXPECT_EQ(cuts(4).size(), 1u + 3 + 6 + 13);
  EXPECT_EQ(cuts(8).size(), 341u);
}

TEST(Cuts, PairsStandTogether) {
  for (const Cut& cut : cuts(7)) {
    const std::vector<int> firsts = first_ranks(cut);
    std::size_t pipeline = 0;
    for (const Replicas& replicas : cut)
      for (int i = 0; i < replicas.count; ++i, ++pipeline)
        EXPECT_TRUE(replicas.group.ranks() % 2 == 1 || firsts[pipeline] % 2 == 0);
  }
}

TEST(ChunkLists, AreTheListsOfUpToFourNumbersWithTheirSum) {
  EXPECT_EQ(chunk_lists(0), (std::vector<std::vector<int>>{{}}));
  EXPECT_EQ(chunk_lists(3), (std::vector<std::vector<int>>{{}, {1, 2}, {2, 1}, {1, 1, 1}}));
  EXPECT_EQ(chunk_lists(5).size(), 1u + 4 + 6 + 4);
  EXPECT_EQ(chunk_lists(12).size(), 1u + 11 + 55 + 165);
}

TEST(Details, AreAsManyAsTheirFormulaSays) {
  for (const int heads : {7, 14, 24})
    for (int denoise = 1; denoise <= 8; ++denoise)
      for (int decode = 0; decode + denoise <= 8; ++decode)
        for (const int lent : lent_shares({denoise, decode}, heads))
          EXPECT_EQ(static_cast<std::int64_t>(details({denoise, decode}, lent, heads).size()),
                    count_details({denoise, decode}, lent, heads))
              << denoise << " + " << decode << " lend " << lent;
}

TEST(Details, LeaveTheDenoisingRanksAHead) {
  EXPECT_EQ(lent_shares({5, 3}, 24).back(), 7);  // 3 x 7 = 21 of 24
  EXPECT_EQ(lent_shares({4, 4}, 24).back(), 5);  // 4 x 6 would be all
  EXPECT_EQ(lent_shares({8, 0}, 24), std::vector<int>{0});
}

TEST(Space, OfFourRanksOfTheTinyModelIsLarge) {
  const SpaceSize size = space_size(4, 14);
  RecordProperty("plans", std::to_string(size.plans));
  std::printf("%s\n", describe_space(4, 14, Transport::host).c_str());
  EXPECT_EQ(size.cuts, 23);
  EXPECT_EQ(size.groups, 10);
  EXPECT_GE(size.one_pipeline, 1000);
  EXPECT_GE(size.plans, size.one_pipeline);
}

// Plans of one pipeline on up to 3 ranks: each lowers, and none to the same program as those before it.
TEST(Space, HoldsEveryPlanOnce) {
  const tests::Planned planned("hunyuanvideo-tiny", tests::configured_cluster("cpu", 3),
                               uniform_workload(tests::kSmallShape, 1));
  std::set<std::string> descriptions;
  std::vector<program::Program> programs;
  int plans = 0;
  for (const Cut& cut : cuts(3)) {
    if (pipelines_of(cut) > 1) continue;
    const Group group = cut.front().group;
    for (const int lent : lent_shares(group, 14)) {
      if (lent > 0 && lent % 3 != 1) continue;
      programs.clear();
      for (const Details& details : planner::details(group, lent, 14)) {
        const Plan plan = plan_of(cut, {details}, Transport::host);
        EXPECT_TRUE(descriptions.insert(describe(plan)).second) << describe(plan);
        programs.push_back(program::lower(planned.model, planned.cluster, planned.workload, plan));
        for (std::size_t i = programs.size() - std::min<std::size_t>(programs.size(), 6); i + 1 < programs.size(); ++i)
          EXPECT_NE(programs[i], programs.back()) << describe(plan);
        ++plans;
      }
    }
  }
  EXPECT_GT(plans, 1000);
}

TEST(Space, ItsProgramsVerifyAndSimulate) {
  const tests::Planned planned("hunyuanvideo-tiny", tests::configured_cluster("cpu", 4),
                               uniform_workload(tests::kSmallShape, 2));
  int number = 0;
  for (const Cut& cut : cuts(4)) {
    std::vector<std::vector<Details>> choices;
    for (const Replicas& replicas : cut)
      for (const int lent : lent_shares(replicas.group, 14)) {
        if (choices.size() <= static_cast<std::size_t>(&replicas - cut.data())) choices.emplace_back();
        for (Details& details : planner::details(replicas.group, lent, 14))
          choices.back().push_back(std::move(details));
      }
    for (std::size_t i = 0; i < choices.front().size(); i += 97) {  // a prime: all axes come by
      std::vector<Details> picked;
      for (const auto& list : choices) picked.push_back(list[(i * 31) % list.size()]);
      const Plan plan = plan_of(cut, picked, Transport::host);
      const auto simulation =
          simulate_plan(planned.model, planned.cluster, planned.workload, planned.costs, Objective::makespan, plan);
      EXPECT_GT(simulation.value, Nanos{0}) << describe(plan);
      const auto faults = program::verify(simulation.program, planned.cluster);
      EXPECT_TRUE(faults.empty()) << describe(plan) << ": " << faults.front().message;
      ++number;
    }
  }
  EXPECT_GT(number, 100);
}

TEST(Families, EveryPlanIsInTheFamilyOfItsName) {
  for (const Cut& cut : cuts(4)) {
    std::vector<Details> plainest;
    for (const Replicas& replicas : cut) plainest.push_back(details(replicas.group, 0, 14).front());
    const Plan plan = plan_of(cut, plainest, Transport::host);
    int families = 0;
    for (const std::string_view name : family_names())
      if (may_be_in(name, cut) && is_in(name, cut.front().group, plainest.front())) {
        ++families;
        EXPECT_EQ(name, plan.name);
      }
    EXPECT_EQ(families, 1) << describe(plan);
  }
}

TEST(Families, SayWhyTheyDoNotApply) {
  EXPECT_EQ(not_applicable("single", 1), std::nullopt);
  EXPECT_EQ(not_applicable("dedivae", 1), "needs at least 2 ranks, and there is 1");
  EXPECT_EQ(not_applicable("dedivae_pipesp", 2), "needs at least 3 ranks, and there are 2");
  EXPECT_TRUE(not_applicable("usp", 8)->starts_with("ring attention"));
  EXPECT_TRUE(not_applicable("cfg_ulysses", 8)->starts_with("HunyuanVideo"));
}

}  // namespace
}  // namespace pipedit::planner
