#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <fmt/format.h>

#include "executor/backends/cpu/cpu_backend.h"
#include "executor/kernels/vae_decoder.h"
#include "program/lower/lower.h"
#include "tests/executor/fixture.h"
#include "tests/executor/run_plan.h"
#include "tests/space/drawn_plans.h"

// The reference's whole pipeline, from noise to frames, under plans of the space.
namespace pipedit::executor::test {
namespace {

Outcome run_plan(const Plan& plan, int ranks, int requests) {
  const Workload workload = tiny_workload(requests);
  const program::Program program = program::lower(tiny_model(), tests::cluster(ranks, DeviceKind::cpu), workload, plan);
  MemorySink sink;
  CpuBackend backend({.poison = true});
  Outcome outcome;
  outcome.timeline = execute(program, backend, tiny_job(workload, sink));
  for (const auto& [request, latents] : sink.latents) outcome.latents.push_back(latents);
  for (const auto& [request, parts] : sink.videos) outcome.videos.push_back(at::cat(parts, 0));
  return outcome;
}

constexpr int kRequests = 2;
constexpr int kDrawn = 20;

// Other plans over each.
std::uint64_t seed_of(Transport transport) { return transport == Transport::host ? 2 : 3; }

const Outcome& one_rank() {
  static const Outcome outcome = run({.transport = Transport::host}, kRequests);
  return outcome;
}

class GoldenPlansParity : public testing::TestWithParam<int> {
 protected:
  // Against the reference where it has vectors (the first request), and against one rank.
  static void check(const Plan& plan, int ranks) {
    SCOPED_TRACE(fmt::format("{} ranks, {}", ranks, describe(plan)));
    const Outcome outcome = run_plan(plan, ranks, kRequests);
    const at::Tensor states = fixture_tensors("pipeline.safetensors").tensor("out.x");
    EXPECT_LE(relative_difference(outcome.latents.at(0), states[states.size(0) - 1][0]),
              fixture_number("pipeline", "/tolerance/out.x/relative"));
    const at::Tensor frames = fixture_tensors("pipeline.safetensors").tensor("out.frames")[0];
    EXPECT_LE(max_difference(outcome.videos.at(0), kernels::to_pixels(frames).permute({1, 2, 3, 0}) * 255),
              0.5 + 255 * fixture_number("pipeline", "/tolerance/out.frames/max_abs"));
    for (std::size_t request = 0; request < kRequests; ++request)
      EXPECT_LE(max_difference(outcome.latents.at(request), one_rank().latents.at(request)), 1e-5);
  }
  static int heads() { return static_cast<int>(tiny_model().dit.num_heads); }
};

TEST_P(GoldenPlansParity, EveryNamedPlan) {
  for (const Plan& plan : tests::named_plans(GetParam(), heads(), 1, Transport::host)) check(plan, GetParam());
}

TEST_P(GoldenPlansParity, DrawnPlans) {
  for (const Transport transport : {Transport::host, Transport::nccl})
    for (const Plan& plan : tests::drawn_plans(GetParam(), heads(), kDrawn / 2, seed_of(transport), transport))
      check(plan, GetParam());
}

// Chunks, row groups, fill and helpers move no bit: rows per rank decide.
TEST_P(GoldenPlansParity, PlansWithEqualRowsPerRankAreBitEqual) {
  const std::vector<Plan> all = tests::single_pipeline_plans(GetParam(), heads(), Transport::host);
  const std::size_t looked_at = std::min<std::size_t>(kDrawn, all.size());
  std::map<std::size_t, std::pair<std::string, at::Tensor>> by_owners;
  std::size_t compared = 0;
  for (std::size_t i = 0; i < looked_at; ++i) {
    const Plan& plan = all[i * all.size() / looked_at];  // spread over the space
    const at::Tensor latents = run_plan(plan, GetParam(), 1).latents.at(0);
    const auto [first, is_new] = by_owners.try_emplace(plan.pipelines[0].denoise.size(), describe(plan), latents);
    if (is_new) continue;
    EXPECT_EQ(max_difference(latents, first->second.second), 0) << describe(plan) << " against " << first->second.first;
    ++compared;
  }
  EXPECT_GE(compared, looked_at - static_cast<std::size_t>(GetParam()));
}

INSTANTIATE_TEST_SUITE_P(Ranks, GoldenPlansParity, testing::Values(2, 3, 4, 5, 7, 8));

}  // namespace
}  // namespace pipedit::executor::test
