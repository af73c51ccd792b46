#include <gtest/gtest.h>

#include "tests/simulator/programs.h"

namespace pipedit::simulator::testing {
namespace {

GivenCosts launching(Nanos time) {
  GivenCosts costs;
  costs.launch_time = time;
  return costs;
}

TEST(Hosts, ShortTasksAreBoundByTheirLaunches) {
  ProgramBuilder builder(1);
  const Program program =
      one_segment(builder, 1, {task(0, Lane::compute, 2us), task(0, Lane::compute, 2us), task(0, Lane::compute, 2us)});
  const Timeline timeline = simulate(program, gpus(1), launching(5us));
  EXPECT_EQ(at(timeline, 0), (Times{5us, 7us}));
  EXPECT_EQ(at(timeline, 1), (Times{10us, 12us}));
  EXPECT_EQ(at(timeline, 2), (Times{15us, 17us}));
}

TEST(Hosts, LongTasksHideLaunches) {
  ProgramBuilder builder(1);
  const Program program = one_segment(builder, 1, {task(0, Lane::compute, 20us), task(0, Lane::compute, 20us)});
  EXPECT_EQ(at(simulate(program, gpus(1), launching(5us)), 1), (Times{25us, 45us}));
}

TEST(Hosts, AHostWaitsUntilARemoteTaskIsEnqueued) {
  ProgramBuilder builder(2);
  // rank 0 enqueues its second task at 10us. Rank 1's host waits for that before it begins to enqueue the task that
  // waits for it: at 15us; and so what stands behind it, on another lane, at 20us.
  const Program program = one_segment(builder, 2,
                                      {task(0, Lane::compute, 1us), task(0, Lane::compute, 1us),
                                       task(1, Lane::compute, 1us, {TaskDone{TaskId{1}}}), task(1, Lane::copy, 1us)});
  const Timeline timeline = simulate(program, gpus(2), launching(5us));
  EXPECT_EQ(at(timeline, 2), (Times{15us, 16us}));
  EXPECT_EQ(at(timeline, 3), (Times{20us, 21us}));
}

TEST(Hosts, AnArrivalIsWaitedForUntilItsSendersAreEnqueued) {
  ProgramBuilder builder(2);
  // rank 0's exchange task is its second: enqueued at 10us, moved by 11us. Rank 1 enqueues its own member's task by
  // 5us and can begin with the last one at 10us.
  const Program program = one_segment(
      builder, 2,
      {task(0, Lane::compute, 1us), member(0, 0), member(1, 0), task(1, Lane::compute, 1us, {Arrived{ExchangeId{0}}})},
      {builder.exchange(Transport::peer, {{0, 1, 1000}})});
  const Timeline timeline = simulate(program, gpus(2), launching(5us));
  EXPECT_EQ(at(timeline, 1), (Times{10us, 11us}));
  EXPECT_EQ(at(timeline, 2), (Times{5us, 5us}));
  EXPECT_EQ(at(timeline, 3), (Times{15us, 16us}));
}

TEST(Hosts, ATailOfAnotherRankIsWaitedForUntilItIsEnqueued) {
  ProgramBuilder builder(2);
  const int before = builder.segment({task(0, Lane::compute, 1us), task(0, Lane::compute, 1us)});
  const int after =
      builder.segment({task(1, Lane::compute, 1us, {Tail{Rank{0}, Lane::compute}}), task(1, Lane::copy, 1us)});
  builder.actor("a", {0, 1}, {unit(UnitKind::decode, {before, after})});
  const std::vector<Span> spans = simulate(builder.build(), gpus(2), launching(5us)).patterns[0].spans;
  // rank 0's last task is enqueued at 10us: rank 1 enqueues what waits for it by 15us, what stands behind by 20us
  EXPECT_EQ(spans[2].start, 15us);
  EXPECT_EQ(spans[3].start, 20us);
}

TEST(Hosts, AHostRunsOneUnitAhead) {
  ProgramBuilder builder(1);
  const int step = builder.segment({task(0, Lane::compute, 100us)});
  builder.actor("a", {0}, {unit(UnitKind::step, {step}, 4)});
  const Timeline timeline = simulate(builder.build(), gpus(1), launching(30us));
  // step 0: enqueued by 30us, runs until 130us. Step 1: enqueued by 60us. Step 2 may be enqueued from 130us on, when
  // step 0 is done: by 160us, hidden under step 1, which runs until 230us.
  EXPECT_EQ(timeline.occurrences[0].start, 0us);
  EXPECT_EQ(timeline.occurrences[1].start, 130us);
  EXPECT_EQ(timeline.occurrences[2].start, 230us);
  EXPECT_EQ(timeline.makespan, 430us);
}

TEST(Hosts, AUnitIsNotEnqueuedBeforeTheLastButOneIsDone) {
  ProgramBuilder builder(1);
  const int slow = builder.segment({task(0, Lane::compute, 100us)});
  const int fast = builder.segment({task(0, Lane::compute, 10us)});
  builder.actor("a", {0}, {unit(UnitKind::begin, {slow}), unit(UnitKind::step, {fast}, 2)});
  const Timeline timeline = simulate(builder.build(), gpus(1), launching(30us));
  // the slow unit runs until 130us, the first step, enqueued by 60us, until 140us. The second can be enqueued from
  // 130us on: it starts at 160us.
  EXPECT_EQ(at(timeline, 0, 2), (Times{160us, 170us}));
}

TEST(Hosts, ARunAheadOfOneUnitCannotHideLaunchesLongerThanATask) {
  ProgramBuilder builder(1);
  const int step = builder.segment({task(0, Lane::compute, 10us)});
  builder.actor("a", {0}, {unit(UnitKind::step, {step}, 3)});
  // enqueued by 30, 60, 90us: never ahead
  EXPECT_EQ(simulate(builder.build(), gpus(1), launching(30us)).makespan, 100us);
}

TEST(Hosts, ADrawWaitsForTheDevice) {
  ProgramBuilder builder(1);
  const int decode = builder.segment({task(0, Lane::compute, 100us)});
  builder.actor("a", {0}, {unit(UnitKind::decode, {decode})}).requests({0us, 0us});
  const Timeline timeline = simulate(builder.build(), gpus(1), launching(30us));
  EXPECT_EQ(timeline.requests[0].end, 130us);
  EXPECT_EQ(timeline.requests[1].start, 130us);
  EXPECT_EQ(timeline.requests[1].end, 260us);  // nothing of it was enqueued before
}

}  // namespace
}  // namespace pipedit::simulator::testing
