#include <gtest/gtest.h>

#include "tests/simulator/programs.h"

namespace pipedit::simulator::testing {
namespace {

TEST(Devices, TwoRanksOnOneSlotTakeTurns) {
  ProgramBuilder builder(2);
  builder.devices({0, 0});
  const Program program = one_segment(builder, 2, {task(0, Lane::compute, 10us), task(1, Lane::compute, 30us)});
  const Timeline timeline = simulate(program, gpus(1), GivenCosts());
  EXPECT_EQ(at(timeline, 0), (Times{0us, 20us}));  // at half speed
  EXPECT_EQ(at(timeline, 1), (Times{0us, 40us}));  // 10us done at 20us, the other 20us at full speed
}

TEST(Devices, SharingLosesWhatWasMeasured) {
  ProgramBuilder builder(2);
  builder.devices({0, 0});
  GivenCosts costs;
  costs.loss = 1.25;
  const Program program = one_segment(builder, 2, {task(0, Lane::compute, 10us), task(1, Lane::compute, 10us)});
  EXPECT_EQ(simulate(program, gpus(1), costs).makespan, 25us);  // 20us x 1.25
}

TEST(Devices, FourTasksOnTwoSlotsRunAtHalfSpeed) {
  ProgramBuilder builder(4);
  builder.devices({0, 0, 0, 0});
  const Program program = one_segment(builder, 4,
                                      {task(0, Lane::compute, 10us), task(1, Lane::compute, 10us),
                                       task(2, Lane::compute, 20us), task(3, Lane::compute, 20us)});
  const Timeline timeline = simulate(program, gpus(1, 2), GivenCosts());
  EXPECT_EQ(at(timeline, 0), (Times{0us, 20us}));
  EXPECT_EQ(at(timeline, 3), (Times{0us, 30us}));  // 10us done at 20us, then two tasks on two slots
}

TEST(Devices, ThirdsOfASlotAddUp) {
  ProgramBuilder builder(3);
  builder.devices({0, 0, 0});
  const Program program =
      one_segment(builder, 3, {task(0, Lane::compute, 7us), task(1, Lane::compute, 7us), task(2, Lane::compute, 7us)});
  EXPECT_EQ(simulate(program, gpus(1), GivenCosts()).makespan, 21us);
}

TEST(Devices, CopiesAndWritersOfAGpuTakeNoSlot) {
  ProgramBuilder builder(1);
  const Program program =
      one_segment(builder, 1, {task(0, Lane::compute, 10us), task(0, Lane::copy, 10us), task(0, Lane::writer, 10us)});
  EXPECT_EQ(simulate(program, gpus(1), GivenCosts()).makespan, 10us);
}

TEST(Devices, CopyLanesOfAGpuShareItsLinkToTheHost) {
  ProgramBuilder builder(3);
  builder.devices({0, 0, 0});
  const Program program =
      one_segment(builder, 3, {task(0, Lane::copy, 10us), task(1, Lane::copy, 4us), task(2, Lane::compute, 6us)});
  const Timeline timeline = simulate(program, gpus(1), GivenCosts());
  EXPECT_EQ(at(timeline, 0), (Times{0us, 14us}));  // 4us of it until 8us, the other 6us alone
  EXPECT_EQ(at(timeline, 1), (Times{0us, 8us}));
  EXPECT_EQ(at(timeline, 2), (Times{0us, 6us}));
}

TEST(Devices, TransfersSlowTasksDownWhileTheyTouchTheDevice) {
  ProgramBuilder builder(2);
  GivenCosts costs;
  costs.contention_factor = 2;
  // 4us of transfer, during which 2us get done; 8us are left
  const Program program =
      one_segment(builder, 2, {task(0, Lane::compute, 10us), task(1, Lane::compute, 10us), member(0, 0), member(1, 0)},
                  {builder.exchange(Transport::peer, {{0, 1, 4000}})});
  const Timeline timeline = simulate(program, gpus(2), costs);
  EXPECT_EQ(at(timeline, 0), (Times{0us, 12us}));
  EXPECT_EQ(at(timeline, 1), (Times{0us, 12us}));
}

TEST(Devices, ARankOfACpuDoesOneThingAtATime) {
  ProgramBuilder builder(1);
  const Program program =
      one_segment(builder, 1, {task(0, Lane::compute, 10us), task(0, Lane::writer, 5us), task(0, Lane::compute, 10us)});
  const Timeline timeline = simulate(program, one_cpu(2), GivenCosts());
  EXPECT_EQ(at(timeline, 1), (Times{10us, 15us}));  // first in enqueue order of the ready heads
  EXPECT_EQ(at(timeline, 2), (Times{15us, 25us}));
}

TEST(Devices, AReadyHeadOvertakesOneThatWaitsOnACpu) {
  ProgramBuilder builder(2);
  builder.devices({0, 0});
  const Program program = one_segment(
      builder, 2,
      {task(0, Lane::compute, 10us), task(1, Lane::compute, 5us, {TaskDone{TaskId{0}}}), task(1, Lane::writer, 3us)});
  const Timeline timeline = simulate(program, one_cpu(2), GivenCosts());
  EXPECT_EQ(at(timeline, 2), (Times{0us, 3us}));
  EXPECT_EQ(at(timeline, 1), (Times{10us, 15us}));
}

}  // namespace
}  // namespace pipedit::simulator::testing
