#include <gtest/gtest.h>

#include <ATen/TensorOperators.h>

#include "executor/kernels/vae_decoder.h"
#include "tests/executor/fixture.h"
#include "tests/executor/gpu/gpu_run.h"

namespace pipedit::executor::test {
namespace {

using tests::PlanShape;

const Outcome& one_rank() {
  static const Outcome outcome = run_on_gpu({});
  return outcome;
}

TEST(GpuPlans, OneRankMakesTheReferencesLatentsAndFrames) {
  const SafetensorsFile io = fixture_tensors("pipeline.safetensors");
  const at::Tensor states = io.tensor("out.x");
  EXPECT_LE(relative_difference(one_rank().latents.at(0), states[states.size(0) - 1][0]),
            fixture_number("pipeline", "/tolerance/out.x/relative"));
  const at::Tensor pixels = kernels::to_pixels(io.tensor("out.frames")[0]).permute({1, 2, 3, 0}) * 255;
  EXPECT_LE(max_difference(one_rank().videos.at(0), pixels),
            0.5 + 255 * fixture_number("pipeline", "/tolerance/out.frames/max_abs"));
}

struct Case {
  std::string name;
  PlanShape shape;
};

// Every named plan (`single` is what they are held against), on as many ranks of the one GPU.
std::vector<Case> named_plans() {
  std::vector<Case> cases;
  for (const int ranks : {2, 3, 4}) {
    const auto add = [&](const char* name, PlanShape shape) { cases.push_back({name + std::to_string(ranks), shape}); };
    add("data_parallel", {.denoise = 1, .replicas = ranks});
    add("ulysses", {.denoise = ranks});
    add("pipesp", {.denoise = ranks, .chunks = {1, 1}, .row_groups = 2});
    add("offload", {.denoise = ranks, .memory = Memory::offload});
    add("dedivae", {.denoise = ranks - 1, .decode = 1});
    add("dedivae_pipesp", {.denoise = ranks - 1, .decode = 1, .chunks = {1, 1}});
    add("aco", {.denoise = ranks - 1, .decode = 1, .chunks = {1}, .lent_heads = 1});
  }
  return cases;
}

class GpuPlan : public testing::TestWithParam<Case> {};

TEST_P(GpuPlan, AgreesWithOneRank) {
  const PlanShape& shape = GetParam().shape;
  const Outcome outcome = run_on_gpu(shape, shape.replicas);  // each has something to do
  EXPECT_LE(max_difference(outcome.latents.at(0), one_rank().latents.at(0)), 1e-5);
  EXPECT_LE(max_difference(outcome.videos.at(0), one_rank().videos.at(0)), 1);
}

std::string name_of(const testing::TestParamInfo<Case>& test) { return test.param.name; }

INSTANTIATE_TEST_SUITE_P(Named, GpuPlan, testing::ValuesIn(named_plans()), name_of);
INSTANTIATE_TEST_SUITE_P(Others, GpuPlan,
                         testing::Values(Case{"staged4", {.denoise = 4, .transport = Transport::staged}},
                                         Case{"unfilled3", {.denoise = 3, .fill = false}},
                                         Case{"aco5", {.denoise = 3, .decode = 2, .chunks = {1}, .lent_heads = 1}},
                                         Case{"nccl1", {.denoise = 1, .transport = Transport::nccl}}),
                         name_of);

TEST(GpuPlans, PipeSpIsBitEqualToUlysses) {
  const Outcome plain = run_on_gpu({.denoise = 4});
  for (const PlanShape& shape : {PlanShape{.denoise = 4, .chunks = {1, 1}}, PlanShape{.denoise = 4, .row_groups = 4},
                                 PlanShape{.denoise = 4, .fill = false, .transport = Transport::staged}})
    EXPECT_EQ(max_difference(run_on_gpu(shape).latents.at(0), plain.latents.at(0)), 0);
}

TEST(GpuPlans, TwoRunsAreBitEqual) {
  const Outcome first = run_on_gpu({.denoise = 2, .decode = 1}, 3), second = run_on_gpu({.denoise = 2, .decode = 1}, 3);
  for (std::size_t request = 0; request < 3; ++request) {
    EXPECT_EQ(max_difference(first.latents.at(request), second.latents.at(request)), 0) << request;
    EXPECT_EQ(max_difference(first.videos.at(request), second.videos.at(request)), 0) << request;
  }
}

// Device times, so a span ends after it starts, and spans of one lane do not overlap.
TEST(GpuPlans, LanesDoOneThingAtATime) {
  const Timeline timeline = run_on_gpu({.denoise = 3, .chunks = {1, 1}}).timeline;
  std::map<std::pair<Rank, std::string>, Nanos> busy_until;
  int wrong = 0;
  for (const TaskInstance& task : expand(timeline)) {
    Nanos& until = busy_until[{task.task->rank, task.task->lane}];
    wrong += task.end < task.start || task.start + 2us < until;  // the device's clock ticks in half microseconds
    until = std::max(until, task.end);
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_GE(busy_until.size(), 6u);
}

}  // namespace
}  // namespace pipedit::executor::test
