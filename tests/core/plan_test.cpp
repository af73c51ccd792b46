#include "core/plan.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace pipedit {
namespace {

std::vector<Rank> ranks(int first, int last) {
  std::vector<Rank> group;
  for (int rank = first; rank <= last; ++rank) group.push_back(Rank{rank});
  return group;
}

Pipeline pipeline(std::vector<Rank> denoise, std::vector<Rank> decode) {
  Pipeline made;
  made.denoise = std::move(denoise);
  made.decode = std::move(decode);
  return made;
}

Plan plan_of(std::vector<Pipeline> pipelines) { return {.name = "p", .pipelines = std::move(pipelines)}; }

std::string refusal(const Plan& plan) {
  Cluster cluster;
  cluster.name = "c";
  cluster.devices.resize(8);
  try {
    check(plan, cluster);
  } catch (const InputError& e) {
    return e.what();
  }
  return "legal";
}

template <class Change>
std::string refusal_of_changed(Pipeline changed, Change change) {
  change(changed);
  return refusal(plan_of({changed}));
}

TEST(CheckPlan, AcceptsCoLocatedDisjointAndReplicas) {
  EXPECT_EQ(refusal(plan_of({pipeline(ranks(0, 7), ranks(0, 7))})), "legal");
  EXPECT_EQ(refusal(plan_of({pipeline(ranks(0, 4), ranks(5, 7))})), "legal");
  EXPECT_EQ(refusal(plan_of({pipeline(ranks(0, 3), ranks(0, 3)), pipeline(ranks(4, 6), ranks(7, 7))})), "legal");
}

TEST(CheckPlan, RefusesGroupsThatClash) {
  EXPECT_EQ(refusal(plan_of({})), "/pipelines: expected at least one pipeline");
  EXPECT_EQ(refusal(plan_of({pipeline({}, ranks(0, 1))})), "/pipelines/0/denoise: expected at least one rank");
  EXPECT_EQ(refusal(plan_of({pipeline(ranks(0, 1), {})})), "/pipelines/0/decode: expected at least one rank");
  EXPECT_EQ(refusal(plan_of({pipeline(ranks(0, 8), ranks(0, 8))})),
            "/pipelines/0/denoise: there is no rank 8: cluster c has 8");
  EXPECT_EQ(refusal(plan_of({pipeline(ranks(0, 3), ranks(3, 4))})),
            "/pipelines/0/decode: rank 3 also denoises: the groups must be equal or disjoint");
  EXPECT_EQ(refusal(plan_of({pipeline({Rank{1}, Rank{1}}, ranks(2, 2))})),
            "/pipelines/0/denoise: rank 1 is used twice");
  EXPECT_EQ(refusal(plan_of({pipeline(ranks(0, 1), ranks(0, 1)), pipeline(ranks(2, 3), ranks(1, 1))})),
            "/pipelines/1/decode: rank 1 is used twice");
}

TEST(CheckPlan, RefusesAxesOutOfRange) {
  const Pipeline good = pipeline(ranks(0, 4), ranks(5, 7));
  EXPECT_EQ(refusal_of_changed(good,
                               [](Pipeline& p) {
                                 p.chunks = {2, 0};
                               }),
            "/pipelines/0/chunks/1: expected 1 to 1024, got 0");
  EXPECT_EQ(refusal_of_changed(good, [](Pipeline& p) { p.row_groups = 17; }),
            "/pipelines/0/row_groups: expected 1 to 16, got 17");
  EXPECT_EQ(refusal_of_changed(good, [](Pipeline& p) { p.ring = 2; }),
            "/pipelines/0/ring: 5 denoising ranks are not a multiple of ring 2 x cfg 1");
  EXPECT_EQ(refusal_of_changed(good, [](Pipeline& p) { p.cfg = 3; }), "/pipelines/0/cfg: expected 1 to 2, got 3");
  EXPECT_EQ(refusal_of_changed(good, [](Pipeline& p) { p.lent_heads = -1; }),
            "/pipelines/0/lent_heads: expected 0 to 1024, got -1");
  EXPECT_EQ(refusal_of_changed(good, [](Pipeline& p) { p.latent_slots = 0; }),
            "/pipelines/0/latent_slots: expected 1 to 64, got 0");
  EXPECT_EQ(refusal_of_changed(pipeline(ranks(0, 3), ranks(0, 3)), [](Pipeline& p) { p.lent_heads = 1; }),
            "/pipelines/0/lent_heads: a co-located pipeline has no decoding ranks to lend to");
}

TEST(DescribePlan, SaysWhatDiffersFromAPlainPipeline) {
  Pipeline aco = pipeline(ranks(0, 4), ranks(5, 7));
  aco.chunks = {2, 1};
  aco.row_groups = 2;
  aco.lent_heads = 3;
  EXPECT_EQ(describe(Plan{.name = "dedivae_pipesp_aco", .pipelines = {aco}}),
            "dedivae_pipesp_aco: 5 denoise + 3 decode, chunks 2,1, rows 2, lends 3 heads");
  Pipeline offload = pipeline(ranks(0, 7), ranks(0, 7));
  offload.memory = Memory::offload;
  offload.fill = false;
  EXPECT_EQ(describe(Plan{.name = "o", .pipelines = {offload}}), "o: 8 ranks, no fill, offload");
}

TEST(DescribePlan, CountsEqualReplicas) {
  EXPECT_EQ(describe(Plan{.name = "data_parallel",
                          .pipelines = {pipeline(ranks(0, 0), ranks(0, 0)), pipeline(ranks(1, 1), ranks(1, 1)),
                                        pipeline(ranks(2, 7), ranks(2, 7))}}),
            "data_parallel: 2 x (1 rank) | 6 ranks");
}

TEST(ParsePlan, FillsInAPlainPipeline) {
  const Plan plan = parse_plan(R"({"name": "p", "pipelines": [{"denoise": [0], "decode": [0]}], "transport": "peer"})");
  EXPECT_EQ(plan, plan_of({pipeline(ranks(0, 0), ranks(0, 0))}));
}

}  // namespace
}  // namespace pipedit
