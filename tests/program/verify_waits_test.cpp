#include <gtest/gtest.h>

#include "program/lower/lower.h"
#include "tests/program/brute_force.h"
#include "tests/program/plans.h"
#include "tests/program/seeds.h"

// A dropped wait is a fault exactly when it ordered something that nothing else orders.
namespace pipedit::program {
namespace {

using tests::cluster;
using tests::plan;

models::Model two_blocks_each() {
  models::Model model = tests::model("hunyuanvideo-tiny");
  model.dit.num_single_blocks = 2;
  return model;
}

struct Outcome {
  int needed = 0, caught = 0, idle = 0;
};

// Drops `count` waits, spread over the program, and compares.
Outcome drop_waits(const tests::PlanShape& shape, std::size_t count) {
  const Cluster machine = cluster(shape.denoise + shape.decode);
  const Program whole = lower(two_blocks_each(), machine, uniform_workload(tests::kTinyShape, 3), plan(shape));
  EXPECT_FALSE(tests::has_race(whole));
  EXPECT_EQ(tests::text(verify(whole, machine)), "");
  Outcome outcome;
  const std::vector<tests::WaitPlace> places = tests::waits(whole);
  for (std::size_t i = 0; i < count; ++i) {
    const tests::WaitPlace& place = places[i * places.size() / count];
    const Program program = tests::without_wait(whole, place);
    const std::vector<Fault> faults = verify(program, machine);
    const bool needed = tests::has_race(program);
    EXPECT_EQ(!faults.empty(), needed) << tests::text(faults) << program.segments[place.task.segment].name << " / "
                                       << label(program.segments[place.task.segment].tasks[place.task.item]);
    ++(needed ? outcome.needed : outcome.idle);
    outcome.caught += needed && !faults.empty() ? 1 : 0;
  }
  tests::expect_all_caught("dropped waits that ordered something", outcome.caught, outcome.needed);
  return outcome;
}

TEST(VerifyWaitsFuzz, UlyssesInTurn) {
  const Outcome outcome = drop_waits({.denoise = 3}, 40);
  EXPECT_GT(outcome.needed, 10);
}

TEST(VerifyWaitsFuzz, RowGroupsAndSplitHeadsInTurn) {
  const Outcome outcome = drop_waits({.denoise = 3, .chunks = {2, 1}, .row_groups = 2}, 40);
  EXPECT_GT(outcome.needed, 10);
  EXPECT_GT(outcome.idle, 0);
}

TEST(VerifyWaitsFuzz, RowGroupsAndSplitHeadsAtARendezvous) {
  const Outcome outcome =
      drop_waits({.denoise = 3, .chunks = {2, 1}, .row_groups = 2, .fill = false, .transport = Transport::nccl}, 40);
  EXPECT_GT(outcome.needed, 10);
  EXPECT_GT(outcome.idle, 0);
}

TEST(VerifyWaitsFuzz, HandsOverAndLends) {
  const Outcome outcome = drop_waits({.denoise = 2, .decode = 2, .chunks = {2, 1}, .lent_heads = 2}, 30);
  EXPECT_GT(outcome.needed, 5);
}

TEST(VerifyWaitsFuzz, OffLoads) {
  const Outcome outcome = drop_waits({.denoise = 2, .memory = Memory::offload}, 30);
  EXPECT_GT(outcome.needed, 5);
}

}  // namespace
}  // namespace pipedit::program
