#include "executor/weights/needs.h"

#include <set>

#include <gtest/gtest.h>

#include "executor/backends/cpu/cpu_backend.h"
#include "models/registry.h"
#include "program/lower/lower.h"
#include "tests/executor/fixture.h"
#include "tests/executor/run_plan.h"

namespace pipedit::executor::test {
namespace {

// A rank a device, as on a box of GPUs.
program::Program program_of(const tests::PlanShape& shape, const Workload& workload) {
  const Cluster cluster = tests::cluster(shape.denoise + shape.decode);
  return program::lower(tiny_model(), cluster, workload, tests::plan(shape));
}

class WeightNeeds : public testing::TestWithParam<tests::PlanShape> {};

TEST_P(WeightNeeds, AreWhatTheProgramCounts) {
  const Workload workload = tiny_workload(1, 2);
  const program::Program program = program_of(GetParam(), workload);
  const auto all = models::weights_of(tiny_model());
  ASSERT_EQ(devices_at_work(program).size(), program.devices.size());
  for (int rank = 0; rank < program.ranks(); ++rank)
    EXPECT_EQ(models::parameter_count(weights_on(program, DeviceId{rank}, all)) * 4,  // fp32
              program.memory[index(Rank{rank})].weights.value)
        << rank;
}

TEST_P(WeightNeeds, AreEnoughForEachDevice) {
  const Workload workload = tiny_workload(2, 2);
  const program::Program program = program_of(GetParam(), workload);
  const auto run_with = [&](const std::vector<const WeightStore*>& by_device) {
    MemorySink sink;
    Job job = tiny_job(workload, sink);
    job.device_weights = by_device;
    CpuBackend backend;
    execute(program, backend, job);
    return sink.latents.at(RequestId{1});
  };
  std::vector<WeightStore> parts;
  for (int rank = 0; rank < program.ranks(); ++rank)
    parts.push_back(
        part_of(tiny_weights(), weights_on(program, DeviceId{rank}, models::weights_of(tiny_model())), at::kFloat));
  std::vector<const WeightStore*> by_device;
  for (const WeightStore& part : parts) by_device.push_back(&part);
  EXPECT_EQ(max_difference(run_with(by_device), run_with({})), 0);
}

INSTANTIATE_TEST_SUITE_P(Plans, WeightNeeds,
                         testing::Values(tests::PlanShape{.denoise = 3}, tests::PlanShape{.denoise = 2, .decode = 2},
                                         tests::PlanShape{.denoise = 3, .decode = 1, .lent_heads = 1}));

// So that any stretch may be timed on any of them.
TEST(WeightNeedsOfReplicas, AreAllWeightsOnEveryDevice) {
  const auto all = models::weights_of(tiny_model());
  const program::Program program =
      program::lower(tiny_model(), tests::cluster(3), tiny_workload(3, 1), tests::plan({.denoise = 1, .replicas = 3}));
  for (const DeviceId device : devices_at_work(program)) EXPECT_EQ(weights_on(program, device, all), all);
  EXPECT_EQ(devices_at_work(program).size(), 3u);
}

// A video of one tile with much text, then one of many tiles with little: a rank holds what either needs.
TEST(WeightNeedsOfSeveralShapes, AreWhatTheProgramCounts) {
  Workload workload = uniform_workload({.width = 32, .height = 32, .frames = 1, .steps = 2, .text_tokens = 24}, 2);
  workload.shapes.push_back(tests::kTinyShape);
  workload.shapes[1].text_tokens = 1;
  workload.requests[1].shape = 1;
  const models::Model model = tests::model("hunyuanvideo-tiny");
  const auto all = models::weights_of(model);
  std::set<std::int64_t> different;
  for (const tests::PlanShape& shape : {tests::PlanShape{.denoise = 3}, tests::PlanShape{.denoise = 2, .decode = 3}}) {
    const int ranks = shape.denoise + shape.decode;
    const program::Program program = program::lower(model, tests::cluster(ranks), workload, tests::plan(shape));
    for (int rank = 0; rank < ranks; ++rank) {
      const std::int64_t counted = program.memory[index(Rank{rank})].weights.value;
      const std::int64_t bytes = model.dtype == models::Dtype::bf16 ? 2 : 4;
      EXPECT_EQ(models::parameter_count(weights_on(program, DeviceId{rank}, all)) * bytes, counted) << rank;
      different.insert(counted);
    }
  }
  EXPECT_GE(different.size(), 3u);
}

TEST(OffLoadedWeights, AreNotResident) {
  const Workload workload = tiny_workload(1, 2);
  const program::Program program = program_of({.denoise = 2, .memory = Memory::offload}, workload);
  EXPECT_TRUE(weights_on(program, DeviceId{0}, models::weights_of(tiny_model())).empty());
}

}  // namespace
}  // namespace pipedit::executor::test
