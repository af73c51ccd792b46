#include <gtest/gtest.h>

#include "tests/simulator/programs.h"

// Ranks of one CPU, which take turns on its slots. A turn may end after 2ms.
namespace pipedit::simulator::testing {
namespace {

Timeline on_cpu(int slots, int ranks, std::vector<Task> tasks, std::vector<Exchange> exchanges = {}) {
  ProgramBuilder builder(ranks);
  builder.devices(std::vector<int>(static_cast<std::size_t>(ranks), 0));
  return simulate(one_segment(builder, ranks, std::move(tasks), std::move(exchanges)), one_cpu(slots), GivenCosts());
}

TEST(Turns, ATaskRunsUndisturbedOnceItHasASlot) {
  const Timeline timeline = on_cpu(2, 4,
                                   {task(0, Lane::compute, 5ms), task(1, Lane::compute, 1ms),
                                    task(2, Lane::compute, 1ms), task(3, Lane::compute, 5ms)});
  EXPECT_EQ(at(timeline, 0), (Times{0ms, 5ms}));
  EXPECT_EQ(at(timeline, 1), (Times{0ms, 1ms}));
  EXPECT_EQ(at(timeline, 2), (Times{1ms, 2ms}));  // rank 1 has nothing more to do
  EXPECT_EQ(at(timeline, 3), (Times{2ms, 7ms}));
  EXPECT_EQ(timeline.makespan, 7ms);  // 12ms of work on two slots
}

TEST(Turns, ATurnEndsWithTheTaskInWhichItHasLasted) {
  const Timeline timeline =
      on_cpu(1, 3,
             {task(0, Lane::compute, 1ms), task(0, Lane::compute, 1ms), task(0, Lane::compute, 1ms),
              task(1, Lane::compute, 1ms), task(2, Lane::compute, 5ms), task(2, Lane::compute, 1ms)});
  EXPECT_EQ(at(timeline, 1), (Times{1ms, 2ms}));  // in the same turn as the first
  EXPECT_EQ(at(timeline, 3), (Times{2ms, 3ms}));  // rank 0 stands behind ranks 1 and 2 now
  EXPECT_EQ(at(timeline, 4), (Times{3ms, 8ms}));  // a task is not cut
  EXPECT_EQ(at(timeline, 2), (Times{8ms, 9ms}));  // rank 2 gives its slot to rank 0
  EXPECT_EQ(at(timeline, 5), (Times{9ms, 10ms}));
}

TEST(Turns, ATurnGoesOnWhileNobodyIsInLine) {
  const Timeline timeline = on_cpu(1, 2,
                                   {task(0, Lane::compute, 3ms), task(0, Lane::compute, 3ms),
                                    task(1, Lane::compute, 1ms, {TaskDone{TaskId{1}}}), task(0, Lane::compute, 1ms)});
  EXPECT_EQ(at(timeline, 1), (Times{3ms, 6ms}));
  EXPECT_EQ(at(timeline, 2), (Times{6ms, 7ms}));  // rank 1 has joined the line in this instant
  EXPECT_EQ(at(timeline, 3), (Times{7ms, 8ms}));
}

TEST(Turns, WhoJoinsTheLineStandsBeforeThoseWhoseTurnsEndThen) {
  // At 3ms rank 3 joins the line behind rank 2. Rank 0 gives its slot to rank 2 and stands behind rank 3; rank 1 gives
  // its own to rank 3.
  const Timeline timeline = on_cpu(
      2, 4,
      {task(0, Lane::compute, 3ms), task(0, Lane::compute, 2ms), task(1, Lane::compute, 3ms),
       task(1, Lane::compute, 2ms), task(2, Lane::compute, 4ms), task(3, Lane::compute, 1ms, {TaskDone{TaskId{0}}})});
  EXPECT_EQ(at(timeline, 4), (Times{3ms, 7ms}));
  EXPECT_EQ(at(timeline, 5), (Times{3ms, 4ms}));
  EXPECT_EQ(at(timeline, 1), (Times{4ms, 6ms}));
  EXPECT_EQ(at(timeline, 3), (Times{6ms, 8ms}));
}

TEST(Turns, TheSmallerRankJoinsFirst) {
  const Timeline timeline = on_cpu(1, 3,
                                   {task(2, Lane::compute, 1ms), task(1, Lane::compute, 2ms, {TaskDone{TaskId{2}}}),
                                    task(0, Lane::compute, 1ms), task(2, Lane::compute, 1ms, {TaskDone{TaskId{2}}})});
  EXPECT_EQ(at(timeline, 2), (Times{0ms, 1ms}));  // at once, though rank 2's task is the first of the segment
  EXPECT_EQ(at(timeline, 0), (Times{1ms, 2ms}));  // in line since 0ms
  EXPECT_EQ(at(timeline, 3), (Times{2ms, 3ms}));  // rank 2's turn has not lasted
  EXPECT_EQ(at(timeline, 1), (Times{3ms, 5ms}));  // in line since 2ms
}

TEST(Turns, ASlotNobodyNeedsAnyMoreEndsNoTurn) {
  // At 3ms rank 2 gets the slot that rank 1 gives back, so rank 0 goes on.
  const Timeline timeline = on_cpu(2, 3,
                                   {task(0, Lane::compute, 3ms), task(0, Lane::compute, 2ms),
                                    task(1, Lane::compute, 3ms), task(2, Lane::compute, 4ms)});
  EXPECT_EQ(at(timeline, 1), (Times{3ms, 5ms}));
  EXPECT_EQ(at(timeline, 3), (Times{3ms, 7ms}));
}

TEST(Turns, ATurnGoesOnBeyondABarrier) {
  ProgramBuilder builder(2);
  builder.devices({0, 0});
  const int first = builder.segment({task(0, Lane::compute, 1ms), task(1, Lane::compute, 1ms)});
  const int second =
      builder.segment({task(0, Lane::compute, 1ms), task(1, Lane::compute, 1ms), task(1, Lane::compute, 1ms)});
  builder.actor("a", {0, 1}, {unit(UnitKind::begin, {first}), unit(UnitKind::decode, {second})});
  const Timeline timeline = simulate(builder.build(), one_cpu(1), GivenCosts());
  // rank 1's turn began at 1ms; at the barrier, 2ms, it goes on, and ends at 3ms, having lasted
  EXPECT_EQ(at(timeline, 1, 1), (Times{2ms, 3ms}));
  EXPECT_EQ(at(timeline, 0, 1), (Times{3ms, 4ms}));
  EXPECT_EQ(at(timeline, 2, 1), (Times{4ms, 5ms}));
}

TEST(Turns, AnExchangeIsATaskOfItsSender) {
  ProgramBuilder builder(4);
  // Rank 2 gets rank 0's slot at 1ms and moves one part until 3ms, the other until 6ms, all in one task.
  const Timeline timeline = on_cpu(
      2, 4,
      {task(0, Lane::compute, 1ms), task(1, Lane::compute, 8ms), member(2, 0), member(0, 0), member(3, 0),
       task(0, Lane::compute, 1ms, {Arrived{ExchangeId{0}}}), task(3, Lane::compute, 1ms, {Arrived{ExchangeId{0}}})},
      {builder.exchange(Transport::host, {{2, 0, 2'000'000}, {2, 3, 3'000'000}})});
  EXPECT_EQ(at(timeline, 2), (Times{1ms, 6ms}));
  EXPECT_EQ(at(timeline, 4), (Times{0ms, 0ms}));  // receiving takes no slot
  EXPECT_EQ(at(timeline, 5), (Times{6ms, 7ms}));  // ready since 3ms
  EXPECT_EQ(at(timeline, 6), (Times{7ms, 8ms}));  // ready since 6ms
}

TEST(Turns, WhatTakesNoWorkNeedsNoSlot) {
  const Timeline timeline = on_cpu(1, 2, {task(0, Lane::compute, 5ms), task(1, Lane::compute, 0ms)});
  EXPECT_EQ(at(timeline, 1), (Times{0ms, 0ms}));
}

TEST(Turns, NothingSlowsATaskDown) {
  ProgramBuilder builder(3);
  builder.devices({0, 0, 0});
  GivenCosts costs;
  costs.contention_factor = costs.loss = 2;
  const Program program =
      one_segment(builder, 3, {task(0, Lane::compute, 4ms), member(1, 0), member(2, 0), task(2, Lane::compute, 1ms)},
                  {builder.exchange(Transport::host, {{1, 2, 3'000'000}})});
  const Timeline timeline = simulate(program, one_cpu(2), costs);
  EXPECT_EQ(at(timeline, 0), (Times{0ms, 4ms}));
  EXPECT_EQ(at(timeline, 1), (Times{0ms, 3ms}));
  EXPECT_EQ(at(timeline, 3), (Times{3ms, 4ms}));
}

TEST(Turns, ARendezvousHoldsNoSlot) {
  ProgramBuilder builder(2);
  const Timeline timeline = on_cpu(1, 2, {member(0, 0), member(1, 0), task(0, Lane::compute, 4ms)},
                                   {builder.exchange(Transport::nccl, {{0, 1, 3'000'000}})});
  EXPECT_EQ(at(timeline, 0), (Times{0ms, 3ms}));
  EXPECT_EQ(at(timeline, 2), (Times{0ms, 4ms}));
}

}  // namespace
}  // namespace pipedit::simulator::testing
