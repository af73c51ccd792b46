#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/simulator/programs.h"

namespace pipedit::simulator::testing {
namespace {

TEST(Lanes, CommunicationOverlapsIndependentCompute) {
  ProgramBuilder builder(1);
  const Program program = one_segment(builder, 1, {task(0, Lane::compute, 10us), task(0, Lane::send, 10us)});
  const Timeline timeline = simulate(program, gpus(1), GivenCosts());
  EXPECT_EQ(at(timeline, 1), (Times{0us, 10us}));  // not from 10us: the two lanes are independent
  EXPECT_EQ(timeline.makespan, 10us);
}

TEST(Lanes, TasksOfALaneRunOneAfterAnother) {
  ProgramBuilder builder(1);
  const Program program = one_segment(builder, 1, {task(0, Lane::compute, 10us), task(0, Lane::compute, 5us)});
  EXPECT_EQ(at(simulate(program, gpus(1), GivenCosts()), 1), (Times{10us, 15us}));
}

TEST(Lanes, AWaitHoldsAcrossRanksAndBlocksWhatStandsBehindIt) {
  ProgramBuilder builder(2);
  // rank 1's first task waits for rank 0 until 10us, so its second one, which waits for nothing, starts at 13us
  const Program program = one_segment(
      builder, 2,
      {task(0, Lane::compute, 10us), task(1, Lane::compute, 3us, {TaskDone{TaskId{0}}}), task(1, Lane::compute, 4us)});
  const Timeline timeline = simulate(program, gpus(2), GivenCosts());
  EXPECT_EQ(at(timeline, 1), (Times{10us, 13us}));
  EXPECT_EQ(at(timeline, 2), (Times{13us, 17us}));
}

TEST(Lanes, TheNextUnitStartsWhenAllRanksAreDoneButNotTheWriters) {
  ProgramBuilder builder(2);
  const int first = builder.segment(
      {task(0, Lane::compute, 10us), task(1, Lane::compute, 20us), task(0, Lane::writer, 50us, {TaskDone{TaskId{0}}})});
  const int second = builder.segment({task(0, Lane::compute, 1us)});
  builder.actor("a", {0, 1}, {unit(UnitKind::begin, {first}), unit(UnitKind::decode, {second})});
  const Timeline timeline = simulate(builder.build(), gpus(2), GivenCosts());
  EXPECT_EQ(timeline.occurrences[1].start, 20us);  // rank 1; the writer is at it until 60us
  EXPECT_EQ(at(timeline, 0, 1), (Times{20us, 21us}));
  EXPECT_EQ(timeline.requests[0].end, 60us);
  EXPECT_EQ(timeline.ranks[0].busy, 11us);
}

TEST(Lanes, ATailWaitsForTheLaneInEarlierCalls) {
  ProgramBuilder builder(1);
  const int first = builder.segment({task(0, Lane::writer, 30us), task(0, Lane::compute, 10us)});
  const int second = builder.segment({task(0, Lane::compute, 5us, {Tail{Rank{0}, Lane::writer}})});
  builder.actor("a", {0}, {unit(UnitKind::begin, {first}), unit(UnitKind::decode, {second, second})});
  const Timeline timeline = simulate(builder.build(), gpus(1), GivenCosts());
  EXPECT_EQ(timeline.patterns[1].spans[0].start, 20us);  // the unit starts at 10us, the writer ends at 30us
  EXPECT_EQ(timeline.patterns[1].spans[1].start, 25us);
}

TEST(Lanes, ATailWithinAUnitWaitsForTheCallBefore) {
  ProgramBuilder builder(1);
  const int load = builder.segment({task(0, Lane::copy, 30us)});
  const int use = builder.segment({task(0, Lane::compute, 5us, {Tail{Rank{0}, Lane::copy}})});
  builder.actor("a", {0}, {unit(UnitKind::begin, {load, use})});
  EXPECT_EQ(simulate(builder.build(), gpus(1), GivenCosts()).patterns[0].spans[1].start, 30us);
}

TEST(Lanes, ACycleIsReportedByTaskNames) {
  ProgramBuilder builder(2);
  const Program program = one_segment(
      builder, 2,
      {task(0, Lane::compute, 10us, {TaskDone{TaskId{1}}}), task(1, Lane::compute, 3us, {TaskDone{TaskId{0}}})});
  try {
    simulate(program, gpus(2), GivenCosts());
    FAIL() << "a cycle went through";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "nothing can go on after 0 ns; rank 0 waits at request 0 / segment 0 / attention @ rank 0; rank 1 "
                 "waits at request 0 / segment 0 / attention @ rank 1");
  }
}

}  // namespace
}  // namespace pipedit::simulator::testing
