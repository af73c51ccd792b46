#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ATen/ops/full_like.h>
#include <ATen/ops/isnan.h>

#include "core/error.h"
#include "executor/backends/cpu/cpu_backend.h"
#include "executor/weights/load.h"
#include "executor/weights/random.h"
#include "models/registry.h"
#include "tests/executor/fixture.h"
#include "tests/executor/run_plan.h"
#include "tests/executor/small_program.h"

// Programs that off-load their weights compute from what their load_weights tasks have brought, and from nothing else.
namespace pipedit::executor::test {
namespace {

using testing::HasSubstr;
using tests::PlanShape;

Outcome run_with(const program::Program& program, const Workload& workload, const std::function<void(Job&)>& change) {
  MemorySink sink;
  Job job = tiny_job(workload, sink);
  change(job);
  CpuBackend backend({.poison = true});
  Outcome outcome;
  outcome.timeline = execute(program, backend, job);
  for (const auto& [request, latents] : sink.latents) outcome.latents.push_back(latents);
  for (const auto& [request, parts] : sink.videos) outcome.videos.push_back(parts.front());
  return outcome;
}

PlanShape shape(int denoise, int decode, Memory memory) {
  return {.denoise = denoise, .decode = decode, .transport = Transport::host, .memory = memory};
}

class OffLoadedRun : public testing::TestWithParam<std::pair<int, int>> {};

TEST_P(OffLoadedRun, IsBitEqualToTheResidentOne) {
  const auto [denoise, decode] = GetParam();
  const Outcome resident = run(shape(denoise, decode, Memory::resident), 2);
  const Outcome loaded = run(shape(denoise, decode, Memory::offload), 2);
  for (std::size_t request = 0; request < 2; ++request) {
    EXPECT_EQ(max_difference(loaded.latents.at(request), resident.latents.at(request)), 0);
    EXPECT_EQ(max_difference(loaded.videos.at(request), resident.videos.at(request)), 0);
  }
}

INSTANTIATE_TEST_SUITE_P(Plans, OffLoadedRun,
                         testing::Values(std::pair(1, 0), std::pair(2, 0), std::pair(5, 0), std::pair(2, 2)),
                         [](const auto& test) {
                           return std::to_string(test.param.first) + "_" + std::to_string(test.param.second);
                         });

WeightStore nans() {
  WeightStore store;
  for (const auto& [name, weight] : tiny_weights().tensors())
    store.insert(name, at::full_like(weight, std::numeric_limits<double>::quiet_NaN()));
  return store;
}

TEST(OffLoadedRun, NeverReadsResidentWeights) {
  const Workload workload = tiny_workload(1, 2);
  const WeightStore none = nans();
  const auto with = [&](Memory memory) {
    return run_with(tiny_program(shape(2, 0, memory), workload), workload, [&](Job& job) {
      job.weights = &none;
      job.host_weights = &tiny_weights();
    });
  };
  EXPECT_FALSE(at::isnan(with(Memory::offload).latents.at(0)).any().item<bool>());
  EXPECT_TRUE(at::isnan(with(Memory::resident).latents.at(0)).any().item<bool>());
}

void drop_loads(program::Program& program, program::Phase phase, Rank rank) {
  for (program::Segment& segment : program.segments)
    std::erase_if(segment.tasks, [&](const program::Task& task) {
      return task.kind == OpKind::load_weights && task.rank == rank &&
             program.buffer(task.writes.front().buffer).phase == phase;
    });
}

// Memory starts as NaNs, so weights that nobody loads are NaNs.
TEST(OffLoadedRun, ADroppedLoadOfTheTransformerShowsInTheLatents) {
  const Workload workload = tiny_workload(1, 2);
  for (const Rank rank : {Rank{0}, Rank{1}}) {
    program::Program program = tiny_program(shape(2, 0, Memory::offload), workload);
    drop_loads(program, program::Phase::denoise, rank);
    const Outcome outcome = run_with(program, workload, [](Job&) {});
    EXPECT_TRUE(at::isnan(outcome.latents.at(0)).any().item<bool>()) << index(rank);
  }
}

// What the transformer left there is taken for the decoder's weights.
TEST(OffLoadedRun, ADroppedLoadOfTheDecoderShowsInTheVideo) {
  const Workload workload = tiny_workload(1, 2);
  program::Program program = tiny_program(shape(1, 0, Memory::offload), workload);
  const Outcome whole = run_with(program, workload, [](Job&) {});
  drop_loads(program, program::Phase::decode, Rank{0});
  const Outcome outcome = run_with(program, workload, [](Job&) {});
  EXPECT_EQ(max_difference(outcome.latents.at(0), whole.latents.at(0)), 0);
  EXPECT_GT(max_difference(outcome.videos.at(0), whole.videos.at(0)), 50);
}

// Packed weights lie as in the buffer, so that a load is one copy, gaps and all; those of a file are copied one by one.
TEST(OffLoadedRun, TheHostsCopyMayLieAnyhow) {
  const Workload workload = tiny_workload(1, 2);
  const program::Program program = tiny_program(shape(2, 0, Memory::offload), workload);
  const WeightStore views = load_weights(fixture_folder(), models::weights_of(tiny_model()), at::kFloat);
  const Outcome outcome = run_with(program, workload, [&](Job& job) { job.host_weights = &views; });
  EXPECT_EQ(max_difference(outcome.latents.at(0), run_with(program, workload, [](Job&) {}).latents.at(0)), 0);
}

TEST(OffLoadedRun, RandomWeightsGiveTheBitsOfTheResidentRun) {
  const Workload workload = tiny_workload(1, 2);
  const WeightStore drawn = random_weights(models::weights_of(tiny_model()), 9, at::kFloat);
  const auto latents = [&](Memory memory) {
    const program::Program program = tiny_program(shape(2, 0, memory), workload);
    return run_with(program, workload, [&](Job& job) { job.weights = &drawn; }).latents.at(0);
  };
  EXPECT_EQ(max_difference(latents(Memory::offload), latents(Memory::resident)), 0);
}

TEST(OffLoadedRun, AHostCopyThatLacksAWeightIsRefused) {
  const Workload workload = tiny_workload(1, 1);
  const program::Program program = tiny_program(shape(2, 0, Memory::offload), workload);
  WeightStore lacks, wrong;
  for (const auto& [name, weight] : tiny_weights().tensors()) {
    if (name != "single.0.q.weight") lacks.insert(name, weight);
    wrong.insert(name, weight.to(name == "embed.bias" ? at::kDouble : at::kFloat));
  }
  const auto refusal = [&](const WeightStore& host) {
    return failure_of([&] { run_with(program, workload, [&](Job& job) { job.host_weights = &host; }); });
  };
  EXPECT_THAT(refusal(lacks), HasSubstr("no weight single.0.q.weight"));
  EXPECT_THAT(refusal(wrong), HasSubstr("weight embed.bias has "));
}

}  // namespace
}  // namespace pipedit::executor::test
