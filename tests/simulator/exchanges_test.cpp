#include <gtest/gtest.h>

#include "tests/simulator/programs.h"

namespace pipedit::simulator::testing {
namespace {

TEST(Exchanges, InTurnASenderMovesPartAfterPart) {
  ProgramBuilder builder(3);
  const Program program =
      one_segment(builder, 3,
                  {member(0, 0), member(1, 0), member(2, 0), task(1, Lane::compute, 1us, {Arrived{ExchangeId{0}}}),
                   task(2, Lane::compute, 1us, {Arrived{ExchangeId{0}}})},
                  {builder.exchange(Transport::peer, {{0, 1, 2000}, {0, 2, 3000}})});
  const Timeline timeline = simulate(program, gpus(3), GivenCosts());
  EXPECT_EQ(at(timeline, 0), (Times{0us, 5us}));
  EXPECT_EQ(at(timeline, 1), (Times{0us, 0us}));  // receives only: done at once
  EXPECT_EQ(at(timeline, 3), (Times{2us, 3us}));
  EXPECT_EQ(at(timeline, 4), (Times{5us, 6us}));
}

TEST(Exchanges, InTurnNobodyWaitsForAReceiver) {
  ProgramBuilder builder(2);
  const Program program = one_segment(builder, 2, {member(0, 0), task(1, Lane::send, 10us), member(1, 0)},
                                      {builder.exchange(Transport::peer, {{0, 1, 2000}})});
  EXPECT_EQ(at(simulate(program, gpus(2), GivenCosts()), 0), (Times{0us, 2us}));
}

TEST(Exchanges, ARendezvousWaitsForItsLastMemberAndHoldsLanes) {
  ProgramBuilder builder(3);
  // rank 2 comes at 10us. Then 0 -> 1 and 1 -> 2 move at once, for 2us and 3us.
  const Program program =
      one_segment(builder, 3,
                  {task(2, Lane::compute, 10us), member(0, 0), member(1, 0), member(2, 0, {TaskDone{TaskId{0}}}),
                   task(0, Lane::send, 1us), task(1, Lane::compute, 1us, {Arrived{ExchangeId{0}}})},
                  {builder.exchange(Transport::nccl, {{0, 1, 2000}, {1, 2, 3000}})});
  const Timeline timeline = simulate(program, gpus(3), GivenCosts());
  EXPECT_EQ(at(timeline, 1), (Times{0us, 12us}));  // own part out
  EXPECT_EQ(at(timeline, 2), (Times{0us, 13us}));  // in by 12us, out by 13us
  EXPECT_EQ(at(timeline, 3), (Times{10us, 13us}));
  EXPECT_EQ(at(timeline, 4), (Times{12us, 13us}));
  EXPECT_EQ(at(timeline, 5), (Times{12us, 13us}));  // arrived before rank 1's own task is done
}

// Of rank 0, which computes for so long each and sends 50,000 bytes to rank 1, which is idle: 20us of launch, then
// 50us.
Times transfer(Transport transport, Nanos ready, const std::vector<Nanos>& computing) {
  ProgramBuilder builder(2);
  std::vector<Task> tasks = {task(0, Lane::send, ready), member(0, 0), member(1, 0)};
  for (const Nanos time : computing) tasks.push_back(task(0, Lane::compute, time));
  GivenCosts costs;
  costs.part_start = 20us;
  costs.nccl_launch = 20us;
  return at(simulate(one_segment(builder, 2, tasks, {builder.exchange(transport, {{0, 1, 50'000}})}), gpus(2), costs),
            1);
}

TEST(Exchanges, AKernelWaitsForTheTaskThatComputes) {
  EXPECT_EQ(transfer(Transport::nccl, 10us, {}), (Times{10us, 80us}));
  // could run from 30us on: behind the first task
  EXPECT_EQ(transfer(Transport::nccl, 10us, {100us, 150us}), (Times{10us, 150us}));
  // from 100us on, which is not before the first task ends: beside the second
  EXPECT_EQ(transfer(Transport::nccl, 80us, {100us, 150us}), (Times{80us, 150us}));
  // from 110us on, when the second one has begun
  EXPECT_EQ(transfer(Transport::nccl, 90us, {100us, 150us}), (Times{90us, 300us}));
  EXPECT_EQ(transfer(Transport::peer, 10us, {100us, 150us}), (Times{10us, 80us}));
}

TEST(Exchanges, ALocalPartTakesItsTimeInTurn) {
  ProgramBuilder builder(2);
  const Program program =
      one_segment(builder, 2, {member(0, 0), member(1, 0), task(0, Lane::compute, 1us, {Arrived{ExchangeId{0}}})},
                  {builder.exchange(Transport::peer, {{0, 1, 2000}, {0, 0, 4000}})});
  EXPECT_EQ(at(simulate(program, gpus(2), GivenCosts()), 2), (Times{6us, 7us}));
}

TEST(Exchanges, RanksOfOneDeviceNeedNoLink) {
  ProgramBuilder builder(2);
  builder.devices({0, 0});
  Cluster cluster = gpus(1);
  cluster.links.clear();
  const Program program =
      one_segment(builder, 2, {member(0, 0), member(1, 0)}, {builder.exchange(Transport::peer, {{0, 1, 2000}})});
  EXPECT_EQ(simulate(program, cluster, GivenCosts()).makespan, 2us);
}

TEST(Links, TwoPartsIntoOneDeviceShareItsLink) {
  ProgramBuilder builder(3);
  // 0 -> 2 and 1 -> 2 share the switch's link to 2: half a byte a nanosecond each. The first is through at 4us with
  // 2000 bytes; the second has moved 2000 of 5000 and moves the rest alone: 7us.
  const Program program = one_segment(builder, 3, {member(0, 0), member(1, 0), member(2, 0)},
                                      {builder.exchange(Transport::peer, {{0, 2, 2000}, {1, 2, 5000}})});
  const Timeline timeline = simulate(program, gpus(3), GivenCosts());
  EXPECT_EQ(at(timeline, 0), (Times{0us, 4us}));
  EXPECT_EQ(at(timeline, 1), (Times{0us, 7us}));
}

TEST(Links, SharesAreMaxMinFair) {
  ProgramBuilder builder(4);
  // 0 -> 3 and 1 -> 3 get half each; 1 -> 2 leaves the same device 1 under a rendezvous and gets the half of 1's
  // link that is left: all three at 1/2. When both into 3 are through at 4us, 1 -> 2 runs alone.
  const Program program = one_segment(builder, 4, {member(0, 0), member(1, 0), member(2, 0), member(3, 0)},
                                      {builder.exchange(Transport::nccl, {{0, 3, 2000}, {1, 3, 2000}, {1, 2, 6000}})});
  const Timeline timeline = simulate(program, gpus(4), GivenCosts());
  EXPECT_EQ(at(timeline, 0), (Times{0us, 4us}));
  EXPECT_EQ(at(timeline, 1), (Times{0us, 8us}));  // 2000 by 4us, 4000 more by 8us
}

TEST(Links, AFlowThatIsBoundElsewhereLeavesItsShareToOthers) {
  ProgramBuilder builder(5);
  // Three flows into 4 get a third each; 0 -> 3 takes the two thirds of 0's link that are left:
  // 4000 bytes at 2/3 are through at 6us, when the others have moved 2000 of 2000.
  const Program program =
      one_segment(builder, 5, {member(0, 0), member(1, 0), member(2, 0), member(3, 0), member(4, 0)},
                  {builder.exchange(Transport::nccl, {{0, 4, 2000}, {1, 4, 2000}, {2, 4, 2000}, {0, 3, 4000}})});
  const Timeline timeline = simulate(program, gpus(5), GivenCosts());
  EXPECT_NEAR(static_cast<double>(at(timeline, 3).end.count()), 6000, 1);
  EXPECT_NEAR(static_cast<double>(at(timeline, 1).end.count()), 6000, 1);
}

TEST(Links, StartUpSharesNothing) {
  ProgramBuilder builder(3);
  Cluster cluster = gpus(3);
  cluster.transfer_start = 10us;
  GivenCosts costs;
  costs.part_start = 10us;
  // both start up side by side until 10us, then 2000 bytes each at half speed
  const Program program = one_segment(builder, 3, {member(0, 0), member(1, 0), member(2, 0)},
                                      {builder.exchange(Transport::peer, {{0, 2, 2000}, {1, 2, 2000}})});
  const Timeline timeline = simulate(program, cluster, costs);
  EXPECT_EQ(at(timeline, 0), (Times{0us, 14us}));
  EXPECT_EQ(at(timeline, 1), (Times{0us, 14us}));
}

TEST(Links, AFlowThatBeginsWhileAnotherEndsMovesAllItsBytes) {
  ProgramBuilder builder(4);
  Cluster cluster = gpus(4);
  cluster.transfer_start = 2us;
  GivenCosts costs;
  costs.part_start = 2us;
  // 0 -> 1 ends at 5us, in the instant in which 2 -> 3, which starts at 3us, has started up
  const Program program = one_segment(
      builder, 4,
      {member(0, 0), member(1, 0), task(2, Lane::compute, 3us), member(2, 1, {TaskDone{TaskId{2}}}), member(3, 1)},
      {builder.exchange(Transport::peer, {{0, 1, 3000}}), builder.exchange(Transport::peer, {{2, 3, 4000}})});
  const Timeline timeline = simulate(program, cluster, costs);
  EXPECT_EQ(at(timeline, 0), (Times{0us, 5us}));
  EXPECT_EQ(at(timeline, 3), (Times{3us, 9us}));
}

TEST(Links, StagedTransfersShareTheWayToPinnedMemory) {
  ProgramBuilder builder(3);
  Cluster cluster = gpus(3);
  cluster.host_to_device = BytesPerSecond{1e9};
  // 0 -> 1 and 0 -> 2 leave device 0 together, at half the rate each
  const Program program = one_segment(builder, 3, {member(0, 0), member(1, 0), member(2, 0)},
                                      {builder.exchange(Transport::staged, {{0, 1, 2000}, {0, 2, 2000}})});
  EXPECT_EQ(simulate(program, cluster, GivenCosts()).makespan, 4us);
}

TEST(Links, OppositeDirectionsShareNothing) {
  ProgramBuilder builder(2);
  const Program program = one_segment(builder, 2, {member(0, 0), member(1, 0)},
                                      {builder.exchange(Transport::peer, {{0, 1, 2000}, {1, 0, 2000}})});
  EXPECT_EQ(simulate(program, gpus(2), GivenCosts()).makespan, 2us);
}

}  // namespace
}  // namespace pipedit::simulator::testing
