#include <gtest/gtest.h>

#include "tests/simulator/programs.h"

namespace pipedit::simulator::testing {
namespace {

// Runs it both ways, which must agree in every span, and returns how many steps were taken from the memo.
std::int64_t reused(const Program& program, const Cluster& cluster, const GivenCosts& costs = {}) {
  Timeline timeline = simulate(program, cluster, costs);
  const Timeline full = simulate(program, cluster, costs, {.full = true, .decisions = {}});
  EXPECT_EQ(full.steps_reused, 0);
  const std::int64_t steps = std::exchange(timeline.steps_reused, 0);
  EXPECT_EQ(timeline, full);
  return steps;
}

GivenCosts launching(Nanos time) {
  GivenCosts costs;
  costs.launch_time = time;
  return costs;
}

TEST(Memo, EqualStepsAreSimulatedOnce) {
  Pair pair(10us, 12us);
  const Program program = pair.build(unit(UnitKind::step, {pair.step}, 50), 3, 2);
  EXPECT_GT(reused(program, gpus(2)), 140);  // of 150
}

TEST(Memo, HostsThatAreAheadComeToWhereTheyWouldBe) {
  for (const Nanos launch : {1us, 3us, 5us, 7us, 9us, 11us}) {
    ProgramBuilder builder(1);
    const int step = builder.segment(std::vector<Task>(10, task(0, Lane::compute, 8us)));
    const int last = builder.segment({task(0, Lane::compute, 1us)});
    builder.actor("a", {0}, {unit(UnitKind::step, {step}, 20), unit(UnitKind::decode, {last})}).requests({0us, 0us});
    EXPECT_GT(reused(builder.build(), gpus(1), launching(launch)), 20) << launch.count();
  }
}

TEST(Memo, AReceiversHostSeesAHandOverAsEarlyAsItWould) {
  Pair pair(100us, 12us);
  const Program program = pair.build(unit(UnitKind::step, {pair.step}, 10), 3, 2);
  EXPECT_GT(reused(program, gpus(2), launching(5us)), 20);
}

TEST(Memo, StepsOnASharedDeviceAreNotReusedWhileOthersRun) {
  Pair pair(10us, 95us);
  pair.builder.devices({0, 0});
  const std::int64_t steps = reused(pair.build(unit(UnitKind::step, {pair.step}, 20), 2, 2), gpus(1));
  EXPECT_GT(steps, 0);
  EXPECT_LT(steps, 30);
}

TEST(Memo, FramesThatAreWrittenOnACpuTakeTurnsWithSteps) {
  ProgramBuilder builder(2);
  builder.devices({0, 0});
  const int begin = builder.segment(std::vector<Task>(4, task(0, Lane::writer, 3ms))),
            step = builder.segment({task(1, Lane::compute, 3ms)});
  builder.actor("a", {0, 1}, {unit(UnitKind::begin, {begin}), unit(UnitKind::step, {step}, 20)});
  const std::int64_t steps = reused(builder.build(), one_cpu(1));
  EXPECT_GT(steps, 10);
  EXPECT_LT(steps, 17);  // every second turn is the writer's until it is through
}

TEST(Memo, TheAgeOfATurnIsPartOfAStepsState) {
  ProgramBuilder builder(3);
  builder.devices({0, 0, 0});
  const int step =
      builder.segment({task(0, Lane::compute, 700us), task(0, Lane::compute, 500us), task(1, Lane::compute, 300us),
                       task(1, Lane::compute, 1100us), task(2, Lane::compute, 900us), task(2, Lane::compute, 1300us)});
  builder.actor("a", {0, 1, 2}, {unit(UnitKind::step, {step}, 60)});
  EXPECT_GT(reused(builder.build(), one_cpu(2)), 40);
}

TEST(Memo, LatentsUnderWaySlowTheTransfersOfStepsDown) {
  ProgramBuilder builder(2);
  const int begin = builder.segment({member(0, 0, {}, Lane::hand), member(1, 0, {}, Lane::hand)},
                                    {builder.exchange(Transport::peer, {{0, 1, 50000}})});
  const int step = builder.segment({member(0, 0), member(1, 0)}, {builder.exchange(Transport::peer, {{0, 1, 10000}})});
  builder.actor("a", {0, 1}, {unit(UnitKind::begin, {begin}), unit(UnitKind::step, {step}, 20)});
  EXPECT_GT(reused(builder.build(), gpus(2)), 0);
}

TEST(Memo, HelpedStepsAreReused) {
  Pair pair(10us, 35us);
  const Unit steps = pair.helped_steps(10, 6us);
  EXPECT_GT(reused(pair.build(steps, 4, 2), gpus(2), launching(2us)), 25);
}

}  // namespace
}  // namespace pipedit::simulator::testing
