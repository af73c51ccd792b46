#include <set>

#include <gtest/gtest.h>

#include <ATen/TensorOperators.h>

#include "executor/kernels/vae_decoder.h"
#include "tests/executor/fixture.h"
#include "tests/executor/run_plan.h"

namespace pipedit::executor::test {
namespace {

using tests::PlanShape;

const Outcome& one_rank() {
  static const Outcome outcome = run({.transport = Transport::host});
  return outcome;
}

at::Tensor expected_latents() {
  const at::Tensor states = fixture_tensors("pipeline.safetensors").tensor("out.x");
  return states[states.size(0) - 1][0];
}

TEST(ReferencePlanParity, OneRankMakesTheReferencesLatentsAndFrames) {
  const Outcome& outcome = one_rank();
  EXPECT_LE(relative_difference(outcome.latents.at(0), expected_latents()),
            fixture_number("pipeline", "/tolerance/out.x/relative"));
  const at::Tensor frames = fixture_tensors("pipeline.safetensors").tensor("out.frames")[0];
  const at::Tensor pixels = kernels::to_pixels(frames).permute({1, 2, 3, 0}) * 255;
  EXPECT_LE(max_difference(outcome.videos.at(0), pixels),
            0.5 + 255 * fixture_number("pipeline", "/tolerance/out.frames/max_abs"));
}

struct Case {
  const char* name;
  PlanShape shape;
};

class PlanParity : public testing::TestWithParam<Case> {};

TEST_P(PlanParity, AgreesWithOneRank) {
  const Outcome outcome = run(GetParam().shape);
  EXPECT_LE(max_difference(outcome.latents.at(0), one_rank().latents.at(0)), 1e-5);
  EXPECT_LE(max_difference(outcome.videos.at(0), one_rank().videos.at(0)), 1);
}

INSTANTIATE_TEST_SUITE_P(
    Plans, PlanParity,
    testing::Values(Case{"ulysses2", {.denoise = 2, .transport = Transport::host}},
                    Case{"ulysses4", {.denoise = 4, .transport = Transport::host}},
                    Case{"ulysses5", {.denoise = 5, .transport = Transport::host}},
                    Case{"ulysses8", {.denoise = 8, .transport = Transport::host}},
                    Case{"rendezvous4", {.denoise = 4, .transport = Transport::nccl}},
                    Case{"pipesp3", {.denoise = 3, .chunks = {1, 1}, .row_groups = 2, .transport = Transport::host}},
                    Case{"unfilled3", {.denoise = 3, .fill = false, .transport = Transport::host}},
                    Case{"dedivae2", {.denoise = 2, .decode = 1, .transport = Transport::host}},
                    Case{"aco3",
                         {.denoise = 3, .decode = 2, .chunks = {1}, .lent_heads = 1, .transport = Transport::host}},
                    Case{"aco5", {.denoise = 5, .decode = 2, .lent_heads = 1, .transport = Transport::nccl}},
                    Case{"offload2", {.denoise = 2, .transport = Transport::host, .memory = Memory::offload}}),
    [](const testing::TestParamInfo<Case>& test) { return test.param.name; });

TEST(ReferencePlanParity, PipeSpIsBitEqualToUlysses) {
  const Outcome plain = run({.denoise = 4, .transport = Transport::host});
  for (const PlanShape& shape : {PlanShape{.denoise = 4, .chunks = {1, 1}, .transport = Transport::host},
                                 PlanShape{.denoise = 4, .row_groups = 3, .transport = Transport::host},
                                 PlanShape{.denoise = 4, .fill = false, .transport = Transport::nccl}})
    EXPECT_EQ(max_difference(run(shape).latents.at(0), plain.latents.at(0)), 0);
}

// Three requests through a pipeline that lends and hands over: each is what one rank makes of it.
TEST(ReferencePlanParity, SeveralRequestsAreEachWhatOneRankMakesOfThem) {
  const Outcome one = run({.transport = Transport::host}, 3);
  const Outcome aco =
      run({.denoise = 3, .decode = 2, .chunks = {1, 1}, .lent_heads = 1, .transport = Transport::host}, 3);
  ASSERT_EQ(aco.latents.size(), 3u);
  for (std::size_t request = 0; request < 3; ++request) {
    EXPECT_LE(max_difference(aco.latents[request], one.latents[request]), 1e-5);
    EXPECT_LE(max_difference(aco.videos[request], one.videos[request]), 1);
  }
  EXPECT_GT(max_difference(one.latents[0], one.latents[1]), 0.1);
  EXPECT_EQ(decisions(aco.timeline).front().alternative, 1);
}

// As many spans as the program has task instances, each with a time, and a name of its own.
TEST(ReferencePlanParity, TheTimelineHoldsEveryTaskOnce) {
  const Timeline timeline = run({.denoise = 2, .decode = 2, .lent_heads = 1, .transport = Transport::host}, 2).timeline;
  std::set<std::string> names;
  for (const TaskInstance& instance : expand(timeline)) {
    EXPECT_LE(instance.start, instance.end) << instance.name;
    EXPECT_TRUE(names.insert(instance.name).second) << instance.name;
  }
  std::size_t tasks = 0;
  for (const Occurrence& occurrence : timeline.occurrences)
    for (const PatternCall& call : timeline.patterns[index(occurrence.pattern)].calls)
      tasks += timeline.segments[index(call.segment)].tasks.size();
  EXPECT_EQ(names.size(), tasks);
  EXPECT_EQ(timeline.steps, 2 * tiny_model().sampler.steps);
  EXPECT_EQ(parse_timeline(write_timeline(timeline)), timeline);
}

}  // namespace
}  // namespace pipedit::executor::test
