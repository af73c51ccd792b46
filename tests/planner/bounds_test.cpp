#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/planner/drawn_plans.h"
#include "tests/planner/rough_profile.h"

// No bound exceeds a simulation, and half of them reach at least half of it, for plans from all over the space.
namespace pipedit::planner {
namespace {

using tests::BoundedPlan;
using tests::kFullShape;
using tests::kSmallShape;
using tests::Planned;

constexpr RequestShape kHalfShape{.width = 832, .height = 480, .frames = 65, .steps = 2, .text_tokens = 256};
constexpr RequestShape kTinyHalf{.width = 64, .height = 64, .frames = 5, .steps = 1, .text_tokens = 8};

struct Case {
  const char* model;
  const char* cluster;
  int ranks;
  Workload workload;
  int plans;
  std::optional<Transport> transport = {};
  bool measured = false;
};

Planned planned_of(const Case& c) {
  Cluster cluster = tests::configured_cluster(c.cluster, c.ranks);
  if (!c.measured) return Planned(c.model, std::move(cluster), c.workload);
  Profile profile = tests::rough_profile(c.model, cluster, c.workload);
  return Planned(c.model, std::move(cluster), c.workload, std::move(profile));
}

std::vector<Case> cases() {
  const Workload small = uniform_workload(kSmallShape, 3), full = uniform_workload(kFullShape, 4);
  const Workload mixed_small = tests::mixed_workload(kSmallShape, kTinyHalf, 4);
  const Workload mixed = tests::mixed_workload(kFullShape, kHalfShape, 4);
  return {
      {"hunyuanvideo-tiny", "cpu", 4, small, 700},
      {"hunyuanvideo-tiny", "cpu", 7, small, 100},
      {"hunyuanvideo-tiny", "cpu", 1, small, 5},
      {"hunyuanvideo-tiny", "cpu", 4, mixed_small, 200},
      {"hunyuanvideo-tiny", "cpu", 4, small, 200, {}, true},
      {"hunyuanvideo-tiny", "cpu", 5, mixed_small, 100, {}, true},
      {"hunyuanvideo-tiny", "h200x8", 5, small, 200},
      {"hunyuanvideo-tiny", "h200x8", 8, mixed_small, 100},
      {"hunyuanvideo-tiny", "l40x8", 8, small, 100, Transport::nccl},
      {"hunyuanvideo-tiny", "h200x8", 6, small, 100, {}, true},
      {"hunyuanvideo", "h200x8", 8, full, 60},
      {"hunyuanvideo", "h200x8", 8, full, 40, Transport::nccl},
      {"hunyuanvideo", "h100x8", 8, mixed, 60},
      {"hunyuanvideo", "a6000x8", 8, full, 60},
      {"hunyuanvideo", "a6000x8", 8, mixed, 60, {}, true},
      {"hunyuanvideo", "l40x8", 8, full, 40, Transport::staged},
      {"hunyuanvideo", "l40x8", 6, full, 40},
  };
}

void expect_tight(const Case& c, Objective objective, int plans) {
  SCOPED_TRACE(fmt::format("{} on {} {}{}, {}", c.model, c.ranks, c.cluster, c.measured ? ", measured" : "",
                           name_of(objective)));
  const Planned planned = planned_of(c);
  const auto bounded = tests::bounded_plans(planned, objective, c.transport.value_or(planned.cluster.transport), plans);
  for (const BoundedPlan& plan : bounded) {
    EXPECT_LE(plan.least, plan.floor) << describe(plan.plan);
    EXPECT_LE(plan.floor, plan.path) << describe(plan.plan);
    EXPECT_LE(plan.path, plan.simulated) << describe(plan.plan);
  }
  EXPECT_GE(tests::share_at(0.5, bounded, &BoundedPlan::floor), 0.5);
  EXPECT_GE(tests::share_at(0.5, bounded, &BoundedPlan::path), 0.5);
}

TEST(Bounds, NoneExceedsAMakespanAndTheMedianIsHalfOfIt) {
  for (const Case& c : cases()) expect_tight(c, Objective::makespan, c.plans);
}

TEST(Bounds, NoneExceedsALatencyAndTheMedianIsHalfOfIt) {
  for (const Case& c : cases()) expect_tight(c, Objective::latency, 1 + c.plans / 2);
}

TEST(Bounds, NoneExceedsAThroughputAndTheMedianIsHalfOfIt) {
  for (const Case& c : cases()) expect_tight(c, Objective::throughput, 1 + c.plans / 4);
}

}  // namespace
}  // namespace pipedit::planner
