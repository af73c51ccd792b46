#include "profiler/cover.h"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "planner/plan_file.h"
#include "program/lower/lower.h"
#include "simulator/costs/profile_costs.h"
#include "simulator/simulate.h"
#include "tests/program/plans.h"

namespace pipedit::profiler {
namespace {

// Long and wide enough for a decoder of several tiles.
program::Program lower(const tests::PlanShape& shape, int ranks) {
  const Workload workload =
      uniform_workload({.width = 352, .height = 352, .frames = 33, .steps = 2, .text_tokens = 7}, 1);
  return program::lower(tests::model("hunyuanvideo-tiny"), tests::cluster(ranks), workload, tests::plan(shape));
}

TEST(Cover, OfPointsThatAreNearEachOtherOneIsEnough) {
  const std::vector<program::Program> programs{lower({.denoise = 2}, 2), lower({.denoise = 3, .chunks = {2, 1}}, 3),
                                               lower({.denoise = 7}, 7)};
  const auto near = [](const PointKey& a, const PointKey& b) {
    const std::set<std::string> moves = {"keep_outputs", "draw_noise", "scheduler_step"};
    const double apart = a.kind.starts_with("exchange.") || moves.contains(a.kind) ? 0.2 : 0.01;
    return a.kind == b.kind && std::ranges::equal(a.dims, b.dims, [&](std::int64_t x, std::int64_t y) {
             return static_cast<double>(std::max(x, y) - std::min(x, y)) <= apart * static_cast<double>(std::max(x, y));
           });
  };
  const std::vector<Stretch> all = stretches_of(programs);
  const std::vector<Stretch> apart = stretches_of(programs, Exchanges::all, Begin::before_steps, Spacing::apart);
  EXPECT_LT(apart.size(), all.size());
  std::vector<PointKey> wanted;
  for (const Stretch& stretch : apart) {
    EXPECT_TRUE(std::ranges::includes(stretch.points, stretch.wanted));
    wanted.insert(wanted.end(), stretch.wanted.begin(), stretch.wanted.end());
  }
  for (const Stretch& stretch : all) {
    EXPECT_EQ(stretch.wanted, stretch.points);
    for (const PointKey& point : stretch.points)
      EXPECT_TRUE(std::ranges::any_of(wanted, [&](const PointKey& other) { return near(point, other); })) << point.kind;
  }
}

TEST(Cover, StretchesOfTheFirstProgramsComeBeforeLargerOnes) {
  const std::vector<program::Program> programs{lower({.denoise = 2}, 2),
                                               lower({.denoise = 2, .chunks = {3, 2, 2}, .row_groups = 2}, 2)};
  const auto of_first = [&](const Stretch& stretch) { return stretch.program == &programs[0]; };
  const auto any = stretches_of(programs);
  EXPECT_FALSE(of_first(any.front()));
  const auto ordered = stretches_of(programs, Exchanges::all, Begin::before_steps, Spacing::every, 1);
  EXPECT_TRUE(of_first(ordered.front()));
  EXPECT_TRUE(std::ranges::is_partitioned(ordered, of_first));
  EXPECT_FALSE(of_first(ordered.back()));
}

bool of_links(const ProfilePoint& point) { return point.kind.starts_with("link."); }

// By what a stretch holds it: the profiler renames those of links when they are measured.
PointKey key_of(const ProfilePoint& point) {
  return {of_links(point) ? "exchange." + point.kind.substr(5) : point.kind, point.dims};
}

std::vector<Stretch> one_each(const Profile& profile, bool links) {
  std::set<PointKey> keys;
  for (const ProfilePoint& point : profile.points)
    if (of_links(point) == links) keys.insert(key_of(point));
  std::vector<Stretch> stretches;
  for (const PointKey& key : keys) stretches.emplace_back().points = {key};
  return stretches;
}

Profile thinned(Profile profile) {
  std::set<std::pair<bool, PointKey>> kept;
  for (const bool links : {false, true})
    for (const Stretch& stretch : that_add_points(one_each(profile, links), Spacing::apart))
      kept.insert({links, stretch.points.front()});
  std::erase_if(profile.points, [&](const ProfilePoint& point) {
    return !kept.contains({of_links(point), key_of(point)});
  });
  return profile;
}

// This profile, of two H200s at 736f8ad, holds all points of plans for eight: profiles are thinned since.
TEST(Cover, WhatIsLeftOutFollowsFromTheRest) {
  const std::string folder = PIPEDIT_SOURCE_DIR "/tests/fixtures/dense_profile/";
  for (const std::string name : {"ulysses-2", "pipesp_6_6_rows_1-2", "pipesp_4_4_4_rows_1-2", "dedivae_pipesp_aco-2"}) {
    const std::string path = folder + "480x352x97-" + name + ".plan.json";
    const planner::PlanFile file = planner::read_plan_file(path);
    const Profile whole = planner::profile_of(file, path).value(), thin = thinned(whole);
    EXPECT_LT(2 * thin.points.size(), whole.points.size());
    const program::Program program = program::lower(file.model, file.cluster, file.workload, file.plan);
    const auto makespan = [&](const Profile& profile) {
      const simulator::ProfileCosts costs(profile, file.cluster, file.plan.attention);
      return static_cast<double>(simulator::simulate(program, file.cluster, costs).makespan.count());
    };
    EXPECT_NEAR(makespan(thin) / makespan(whole), 1, 0.002) << name;
  }
}

}  // namespace
}  // namespace pipedit::profiler
