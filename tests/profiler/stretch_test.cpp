#include "profiler/stretch.h"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include <ATen/ops/randn.h>

#include "executor/backends/cpu/cpu_backend.h"
#include "executor/weights/random.h"
#include "models/registry.h"
#include "profiler/bench_program.h"
#include "profiler/beside_copies.h"
#include "profiler/copies.h"
#include "profiler/cover.h"
#include "profiler/profiler.h"
#include "profiler/statistics.h"
#include "program/lower/lower.h"
#include "tests/program/plans.h"

namespace pipedit::profiler {
namespace {

using program::OpKind;

// Long and wide enough for a decoder of several tiles.
program::Program lower(const tests::PlanShape& shape, int ranks) {
  const Workload workload =
      uniform_workload({.width = 352, .height = 352, .frames = 33, .steps = 2, .text_tokens = 7}, 1);
  return program::lower(tests::model("hunyuanvideo-tiny"), tests::cluster(ranks), workload, tests::plan(shape));
}

int tasks_of(const program::Program& program, OpKind kind) {
  int count = 0;
  for (const program::Segment& segment : program.segments)
    for (const program::Task& task : segment.tasks) count += task.kind == kind ? 1 : 0;
  return count;
}

int points_of(const std::vector<Stretch>& stretches, const std::string& kind) {
  int count = 0;
  for (const Stretch& stretch : stretches)
    count += static_cast<int>(std::ranges::count(stretch.points, kind, &PointKey::kind));
  return count;
}

TEST(Stretches, RunFewOfACallsTilesOfOneSize) {
  const std::vector<program::Program> programs{lower({.denoise = 1}, 1)};
  const auto counts = [](const program::Program& program) {
    std::map<PointKey, int> tiles;
    for (const program::Segment& segment : program.segments)
      for (const program::Task& task : segment.tasks)
        if (task.kind == OpKind::decode_tile) ++tiles[profiler::points_of(program, segment, task).front()];
    return tiles;
  };
  const std::map<PointKey, int> all = counts(programs.front());
  const auto most = std::ranges::max_element(all, {}, [](const auto& tile) { return tile.second; });
  ASSERT_GT(most->second, kTasksOfAPoint);
  for (const Stretch& stretch : stretches_of(programs))
    for (const auto& [size, count] : counts(bench_program(stretch, 1, 1)))
      EXPECT_EQ(count, std::min(kTasksOfAPoint, all.at(size)));
}

TEST(Stretches, EachTileIsRunInOneOfThemAlone) {
  const std::vector<program::Program> programs{lower({.denoise = 1}, 1), lower({.denoise = 2}, 2)};
  std::vector<Stretch> stretches = stretches_of(programs);
  std::set<PointKey> tiles;
  int before = 0, after = 0;
  for (const Stretch& stretch : stretches) {
    for (const PointKey& point : stretch.points)
      if (point.kind == "decode_tile") tiles.insert(point);
    before += tasks_of(bench_program(stretch, 1, 1), OpKind::decode_tile);
  }
  run_tiles_once(stretches);
  for (const Stretch& stretch : stretches) after += tasks_of(bench_program(stretch, 1, 1), OpKind::decode_tile);
  EXPECT_EQ(points_of(stretches, "decode_tile"), static_cast<int>(tiles.size()));
  EXPECT_LE(after, 3 * static_cast<int>(tiles.size()));
  EXPECT_GE(after, static_cast<int>(tiles.size()));
  EXPECT_LT(after, before);
}

TEST(Stretches, CanBeOfOneKindOfTask) {
  const std::vector<program::Program> programs{lower({.denoise = 2}, 2)};
  const Stretch part = only_of(stretches_of(programs).front(), OpKind::attention);
  ASSERT_FALSE(part.points.empty());
  const program::Program bench = bench_program(part, 1, 1);
  for (const program::Segment& segment : bench.segments)
    for (const program::Task& task : segment.tasks) EXPECT_EQ(task.kind, OpKind::attention);
  EXPECT_GT(tasks_of(bench, OpKind::attention), 0);
}

TEST(Stretches, KeepTheCallsOfWhatTheyWant) {
  const std::vector<program::Program> programs{lower({.denoise = 2}, 2)};
  Stretch stretch = stretches_of(programs).front();
  const auto wanted = std::ranges::find(stretch.points, "attention", &PointKey::kind);
  ASSERT_NE(wanted, stretch.points.end());
  stretch.wanted = {*wanted};
  const Stretch part = calls_of_wanted(stretch);
  ASSERT_EQ(part.calls.size(), 1);
  EXPECT_EQ(programs[0].segment(part.calls[0].segment).name, "single block");
  EXPECT_EQ(part.wanted, stretch.wanted);
  EXPECT_TRUE(std::ranges::includes(stretch.points, part.points));
  for (const PointKey& point : part.points) EXPECT_NE(point.kind, "final_layer");
  stretch.wanted = stretch.points;
  const Stretch whole = calls_of_wanted(stretch);
  EXPECT_EQ(whole.points, stretch.points);
  EXPECT_LE(whole.calls.size(), stretch.calls.size());
}

TEST(Stretches, WhatBeginsARequestMayStandApart) {
  const std::vector<program::Program> programs{lower({.denoise = 2}, 2)};
  const auto held = [](const std::vector<Stretch>& stretches) {
    std::set<PointKey> points;
    for (const Stretch& stretch : stretches) points.insert(stretch.points.begin(), stretch.points.end());
    return points;
  };
  const auto apart = stretches_of(programs, Exchanges::all, Begin::apart);
  EXPECT_EQ(held(apart), held(stretches_of(programs)));
  for (const Stretch& stretch : apart) {
    const program::Program bench = bench_program(stretch, 1, 1);
    EXPECT_TRUE(tasks_of(bench, OpKind::draw_noise) == 0 || tasks_of(bench, OpKind::attention) == 0);
  }
}

TEST(Stretches, PartsOfTheirOwnRankAreTimedApart) {
  const std::vector<program::Program> programs{lower({.denoise = 2}, 2)};
  int own = 0, sent = 0;
  for (const Stretch& stretch : stretches_of(programs))
    for (const program::Segment& segment : bench_program(stretch, 1, 1).segments)
      for (const program::Exchange& exchange : segment.exchanges) {
        const auto stays = [](const program::Part& part) { return part.from == part.to; };
        EXPECT_TRUE(std::ranges::all_of(exchange.parts, stays) || std::ranges::none_of(exchange.parts, stays));
        ++(stays(exchange.parts.front()) ? own : sent);
      }
  EXPECT_GT(own, 0);
  EXPECT_GT(sent, own);
}

TEST(Stretches, OfNcclAreReceivedToo) {
  std::vector<program::Program> programs{copies_program(Transport::nccl, std::vector<Bytes>{Bytes{4096}})};
  Stretch stretch = stretches_of(programs).front();
  stretch.other = DeviceId{1};
  const program::Program bench = bench_program(stretch, 1, 3);
  EXPECT_EQ(bench.actors.front().ranks, (std::vector<Rank>{Rank{0}, Rank{1}}));
  std::vector<Rank> members;
  for (const program::Task& task : bench.segments.front().tasks) members.push_back(task.rank);
  EXPECT_EQ(members, (std::vector<Rank>{Rank{0}, Rank{1}}));
  programs = {copies_program(Transport::peer, std::vector<Bytes>{Bytes{4096}})};
  EXPECT_EQ(bench_program(stretches_of(programs).front(), 1, 3).segments.front().tasks.size(), 1);
}

TEST(Stretches, MaySendToAnotherDevice) {
  const std::vector<program::Program> programs{copies_program(Transport::peer, sizes_to_copy())};
  std::vector<Stretch> stretches = stretches_of(programs);
  ASSERT_EQ(stretches.size(), 1);
  EXPECT_EQ(stretches[0].points.size(), sizes_to_copy().size());
  stretches[0].other = DeviceId{1};
  EXPECT_EQ(bench_program(stretches[0], 1, 1).devices, (std::vector<DeviceId>{DeviceId{0}, DeviceId{1}}));
}

TEST(Undisturbed, SamplesFarAboveTheOthersAreLeftOut) {
  const std::vector<Nanos> samples{90ns, 10ns, 11ns, 12ns, 13ns, 10ns, 11ns, 12ns, 13ns, 12ns};
  EXPECT_EQ(undisturbed(samples).size(), 9);
  EXPECT_EQ(undisturbed(samples).back(), 13ns);
}

TEST(Undisturbed, AtMostAFifthIsLeftOut) {
  const std::vector<Nanos> samples{10ns, 10ns, 10ns, 10ns, 10ns, 10ns, 10ns, 900ns, 900ns, 900ns};
  EXPECT_EQ(undisturbed(samples).size(), 8);
}

// Copies alone need neither weights nor inputs.
class Copies : public testing::Test {
 protected:
  Copies() {
    job_.model = &model_;
    job_.workload = &workload_;
  }
  models::Model model_ = tests::model("hunyuanvideo-tiny");
  Workload workload_ = uniform_workload({.width = 64, .height = 48, .frames = 5, .steps = 2, .text_tokens = 7}, 2);
  executor::Job job_;
  executor::CpuBackend backend_;
};

TEST_F(Copies, TakeLongerTheMoreTheyMove) {
  const std::vector<Bytes> sizes{Bytes{1 << 12}, Bytes{1 << 24}};
  const std::vector<program::Program> programs{copies_program(Transport::host, sizes)};
  const auto points = measure(stretches_of(programs), backend_, job_, {.longest = 100ms});
  ASSERT_EQ(points.size(), 2);
  EXPECT_EQ(points[0].kind, "exchange.host");
  EXPECT_EQ(points[1].dims, (std::vector<std::int64_t>{1 << 24, 1 << 24}));
  EXPECT_GT(points[1].median, 10 * points[0].median);
}

// Two repetitions are, with work before them or without: four single blocks have four attentions, of
// which at most a fifth is left out as disturbed.
TEST_F(Copies, WorkUntilItIsSettledIsNotCounted) {
  const executor::WeightStore weights = executor::random_weights(models::weights_of(model_), 1, at::kFloat);
  job_.weights = &weights;
  const std::vector<program::Program> programs{
      program::lower(model_, tests::cluster(1, DeviceKind::cpu), workload_, tests::plan({.denoise = 1}))};
  Stretch stretch = only_of(stretches_of(programs).front(), OpKind::attention);
  stretch.wanted = stretch.points;
  stretch = calls_of_wanted(stretch);
  for (const Nanos settled : {0ns, 1ns}) {  // no longer, so that each is over after one run
    const auto points = measure({stretch}, backend_, job_, {.longest = 0ns, .settled = settled});
    ASSERT_EQ(points.size(), 1);
    EXPECT_LE(points.front().count, 2 * 4) << settled.count();
    EXPECT_GE(points.front().count, 7) << settled.count();
  }
}

// Copies to another rank run on the send lane: what is beside them here is a stretch without compute tasks.
TEST_F(Copies, BesideCopiesAloneNothingIsSlowedDown) {
  const std::vector<program::Program> programs{copies_program(Transport::host, std::vector<Bytes>{Bytes{1 << 16}})};
  EXPECT_TRUE(contention_of(stretches_of(programs).front(), Transport::host, backend_, job_).empty());
}

TEST(SharingLoss, IsWhatTwoRanksTakeBeyondTwiceTheTimeOfOne) {
  EXPECT_DOUBLE_EQ(sharing_loss(100ns, 200ns), 1);
  EXPECT_DOUBLE_EQ(sharing_loss(100ns, 230ns), 1.15);
  EXPECT_DOUBLE_EQ(sharing_loss(100ns, 150ns), 1);
  EXPECT_DOUBLE_EQ(sharing_loss(100ns, 900ns), 2);
}

// How much, a shared machine does not say twice alike.
TEST_F(Copies, OfTwoRanksOnOneSlotHaveASharingLoss) {
  const std::vector<program::Program> programs{copies_program(Transport::host, std::vector<Bytes>{Bytes{1 << 20}})};
  executor::CpuBackend one_slot({.slots = 1});
  const double loss = sharing_loss_of(stretches_of(programs).front(), one_slot, job_);
  EXPECT_GE(loss, 1);
  EXPECT_LE(loss, 2);
}

TEST_F(Copies, SlowDownWhatRunsBesideThemOrNot) {
  const executor::WeightStore weights = executor::random_weights(models::weights_of(model_), 1, at::kFloat);
  const RequestShape shape = workload_.shapes.front();
  job_.weights = &weights;
  job_.inputs.assign(2,
                     {at::randn({shape.text_tokens, model_.dit.text_dim}), at::randn({model_.dit.pooled_dim}), {}, {}});
  const std::vector<program::Program> programs{
      program::lower(model_, tests::cluster(2, DeviceKind::cpu), workload_,
                     tests::plan({.denoise = 2, .transport = Transport::host}))};
  std::set<std::string> kinds;
  for (const Contention& entry : contention_of(stretches_of(programs).front(), Transport::host, backend_, job_)) {
    EXPECT_GE(entry.factor, 1) << entry.kind;
    EXPECT_EQ(entry.transport, Transport::host);
    kinds.insert(entry.kind);
  }
  for (const char* kind : {"attention", "gemm", "modulate", "gate"}) EXPECT_TRUE(kinds.contains(kind)) << kind;
  EXPECT_FALSE(kinds.contains("exchange.host"));
}

}  // namespace
}  // namespace pipedit::profiler
