#include "profiler/profiler.h"

#include <map>
#include <set>

#include <gtest/gtest.h>

#include <ATen/ops/randn.h>

#include "executor/backends/cpu/cpu_backend.h"
#include "executor/weights/random.h"
#include "models/registry.h"
#include "profiler/bench_program.h"
#include "profiler/cover.h"
#include "profiler/device_times.h"
#include "profiler/requests.h"
#include "profiler/statistics.h"
#include "program/lower/lower.h"
#include "program/op_cost.h"
#include "tests/program/plans.h"

namespace pipedit::profiler {
namespace {

// Small, so that the tests measure quickly.
constexpr RequestShape kShape{.width = 64, .height = 48, .frames = 5, .steps = 2, .text_tokens = 7};

class CountingSink : public executor::ResultSink {
 public:
  void latent(RequestId, const at::Tensor&) override { ++latents; }
  void frames(RequestId, Range range, const at::Tensor&) override { frames_seen += range.size(); }
  void finished(RequestId) override { ++videos; }
  int latents = 0, videos = 0;
  std::int64_t frames_seen = 0;
};

// The tiny model with random weights, and a workload of three requests.
class ProfilerTest : public testing::Test {
 protected:
  executor::Job job() {
    const executor::RequestInput input{
        at::randn({kShape.text_tokens, model_.dit.text_dim}), at::randn({model_.dit.pooled_dim}), {}, {}};
    return {.model = &model_,
            .workload = &workload_,
            .weights = &weights_,
            .inputs = {3, input},
            .seed = 0,
            .sink = &sink_};
  }
  program::Program lower(const tests::PlanShape& shape, int ranks) {
    tests::PlanShape host = shape;
    host.transport = Transport::host;
    return program::lower(model_, tests::cluster(ranks, DeviceKind::cpu), workload_, tests::plan(host));
  }

  models::Model model_ = tests::model("hunyuanvideo-tiny");
  Workload workload_ = uniform_workload(kShape, 3);
  executor::WeightStore weights_ = executor::random_weights(models::weights_of(model_), 1, at::kFloat);
  CountingSink sink_;
  executor::CpuBackend backend_;
};

TEST(Quartiles, OfFiveSamples) {
  const Quartiles q = quartiles({5ns, 1ns, 4ns, 2ns, 3ns});
  EXPECT_EQ(q.low, 2ns);
  EXPECT_EQ(q.median, 3ns);
  EXPECT_EQ(q.high, 4ns);
  EXPECT_NEAR(median_error(q, 4), 1.57 * 2 / (2 * 3), 1e-12);
}

TEST_F(ProfilerTest, EveryTaskOfAProgramIsInAStretch) {
  const std::vector<program::Program> programs{lower({.denoise = 1}, 1), lower({.denoise = 3, .chunks = {2, 1}}, 3)};
  const std::vector<Stretch> stretches = stretches_of(programs);
  std::set<PointKey> held;
  for (const Stretch& stretch : stretches) held.insert(stretch.points.begin(), stretch.points.end());
  for (const program::Program& program : programs)
    for (const program::Segment& segment : program.segments)
      for (const program::Task& task : segment.tasks)
        for (const PointKey& point : points_of(program, segment, task))
          EXPECT_TRUE(held.contains(point)) << label(task);
}

TEST_F(ProfilerTest, LeavesOutStretchesThatAddNothing) {
  const std::vector<program::Program> once{lower({.denoise = 2}, 2)};
  const std::vector<program::Program> twice{lower({.denoise = 2}, 2), lower({.denoise = 2}, 2)};
  EXPECT_EQ(stretches_of(twice).size(), stretches_of(once).size());
}

TEST_F(ProfilerTest, TimesEveryPointAloneAndWithAllSlotsBusy) {
  const std::vector<program::Program> programs{lower({.denoise = 2, .chunks = {4, 3}}, 2)};
  const std::vector<Stretch> stretches = stretches_of(programs);
  std::set<PointKey> held;
  for (const Stretch& stretch : stretches) held.insert(stretch.points.begin(), stretch.points.end());
  std::size_t calls = 0;
  const Options options{
      .slots = 2, .ranks = 4, .tolerance = 1, .longest = 1ms, .fewest = 2, .progress = [&](auto, auto, auto) {
        ++calls;
      }};
  const std::vector<ProfilePoint> measured = measure(stretches, backend_, job(), options);
  ASSERT_EQ(measured.size(), 2 * held.size());
  EXPECT_EQ(calls, stretches.size());
  for (const ProfilePoint& point : measured) {
    EXPECT_GT(point.median, 0ns) << point.kind;
    EXPECT_GE(point.count, 2) << point.kind;
    EXPECT_LE(point.low, point.median);
    EXPECT_LE(point.median, point.high);
  }
}

TEST_F(ProfilerTest, WhatAStretchRunsWithoutWantingItIsAPointToo) {
  const std::vector<program::Program> programs{lower({.denoise = 2, .row_groups = 2}, 2)};
  std::vector<Stretch> stretches = stretches_of(programs, Exchanges::all, Begin::apart);
  stretches.resize(1);
  stretches.front().wanted.resize(1);
  const auto measured = measure(stretches, backend_, job(), {.longest = 1ms});
  EXPECT_EQ(measured.size(), stretches.front().points.size());
}

TEST_F(ProfilerTest, OfEachDeviceTellsWhatTheTasksTakeThere) {
  const std::vector<program::Program> programs{lower({.denoise = 2}, 2)};
  const Stretch stretch = stretches_of(programs, Exchanges::all, Begin::apart).front();
  const std::vector<Nanos> times = device_times(stretch, 2, backend_, job(), 1ms);
  ASSERT_EQ(times.size(), 2u);
  EXPECT_GT(times[0], 0ns);
  EXPECT_GT(times[1], 0ns);
  const program::Program bench = one_on_each(stretch, 2, 1);
  for (const program::Task& task : bench.segments.front().tasks)
    EXPECT_EQ(index(bench.devices[index(task.rank)]), static_cast<std::size_t>(task.rank));
  EXPECT_EQ(index(bench.devices[2]), 0u);  // silent ones
  EXPECT_EQ(index(bench.devices[3]), 1u);
}

TEST_F(ProfilerTest, TimesWhatARequestNeedsOnceInWholeRequests) {
  const std::vector<program::Program> programs{
      lower({.denoise = 1}, 1), lower({.denoise = 1, .memory = Memory::offload}, 1), lower({.denoise = 3}, 3)};
  const std::vector<ProfilePoint> points = measure_requests(programs, backend_, job(), {.slots = 2});
  EXPECT_EQ(sink_.videos, 2 * 3);  // what the second program has, the first has too
  std::map<std::pair<std::string, int>, int> samples;
  for (const ProfilePoint& point : points) samples[{point.kind, point.busy}] += point.count;
  for (const char* kind : {"condition", "draw_noise", "save_latent", "blend", "write_frames.last"}) {
    EXPECT_GE((samples[{kind, 1}]), 3) << kind;
    EXPECT_GE((samples[{kind, 2}]), 3) << kind;
  }
  EXPECT_FALSE(samples.contains({"attention", 1}));
}

TEST_F(ProfilerTest, TimesEveryPartOfAnExchangeInStepsThatDecodeNothing) {
  const std::vector<program::Program> programs{lower({.denoise = 1}, 1), lower({.denoise = 2, .decode = 1}, 3)};
  std::size_t runs = 0;
  const Options options{.slots = 2, .progress = [&](auto, auto, auto) { ++runs; }};
  const std::vector<ProfilePoint> points = measure_exchanges(programs, backend_, job(), options);
  EXPECT_EQ(runs, 2u * 2u);  // two programs, twice
  EXPECT_EQ(sink_.videos, 0);
  std::set<PointKey> measured, in_steps;
  for (const ProfilePoint& point : points) {
    if (point.kind == "scheduler_step") continue;
    EXPECT_TRUE(point.kind.starts_with("exchange.")) << point.kind;
    if (point.busy == 2) measured.insert({point.kind, point.dims});
  }
  for (const program::Segment& segment : programs[1].segments)
    for (const program::Task& task : segment.tasks)
      if (task.kind == program::OpKind::exchange && segment.name != "decode")
        for (PointKey& point : points_of(programs[1], segment, task)) in_steps.insert(std::move(point));
  EXPECT_TRUE(std::ranges::includes(measured, in_steps));
}

}  // namespace
}  // namespace pipedit::profiler
