#include <gtest/gtest.h>

#include "program/verify/device_graph.h"
#include "program/verify/host_graph.h"
#include "program/verify/verify.h"
#include "tests/program/plans.h"
#include "tests/program/seeds.h"

// Two ranks, and for each task a buffer of its own: what waits for what.
namespace pipedit::program {
namespace {

Task task(int rank, Lane lane, int number, std::vector<Wait> waits = {}) {
  return {.kind = OpKind::condition,
          .chunk = number,
          .rank = Rank{rank},
          .lane = lane,
          .shape = StepsShape{.steps = 1, .in = 1, .out = 1},
          .reads = {},
          .writes = {},
          .waits = std::move(waits)};
}

TaskDone done(int task) { return {TaskId{task}}; }

Program one_segment(std::vector<Task> tasks) {
  Program program;
  program.memory.resize(2);
  for (RankMemory& memory : program.memory) memory.workspace = Bytes{1 << 20};
  for (Task& task : tasks) {
    task.writes = {{BufferId{static_cast<int>(program.buffers.size())}, {0, 1}, {0, 1}}};
    program.buffers.push_back({.role = "vec", .rank = task.rank, .extent = {}, .offset = {}});
    if (index(task.rank) >= program.memory.size()) continue;
    Bytes& arena = program.memory[index(task.rank)].arena;
    program.buffers.back().offset = arena;
    arena += Extent{}.size();
  }
  program.segments = {{.name = "block", .weights = {}, .tasks = std::move(tasks), .exchanges = {}}};
  const Unit step{.kind = UnitKind::step,
                  .repeat = 50,
                  .alternatives = {{.calls = {{SegmentId{0}, 3}}, .lent = {}}},
                  .helpers = {},
                  .hand_to = {}};
  program.actors = {{.name = "denoise 0", .ranks = {Rank{0}, Rank{1}}, .scripts = {{step}}}};
  program.devices = {DeviceId{0}, DeviceId{1}};
  program.request_shapes = {0};
  return program;
}

std::vector<Fault> faults_of(const Program& program) { return verify(program, tests::cluster(2)); }

TEST(VerifyOrder, TasksThatWaitForEachOtherAreACircle) {
  const auto faults =
      faults_of(one_segment({task(0, Lane::compute, 0, {done(1)}), task(1, Lane::compute, 0, {done(0)})}));
  ASSERT_TRUE(tests::has(faults, FaultKind::order)) << tests::text(faults);
  EXPECT_NE(tests::text(faults).find("request 0 / step 0 / block 0 / condition[0] @ rank 1"), std::string::npos);
}

// Lane by lane there is an order: rank 0's second task, then rank 1's first, its second, and rank 0's first. But rank
// 0's host stands at its first task and never enqueues its second.
TEST(VerifyOrder, HostsCanDeadlockWhereDevicesCannot) {
  const auto faults = faults_of(one_segment({task(0, Lane::compute, 0, {done(3)}), task(0, Lane::send, 1),
                                             task(1, Lane::compute, 0, {done(1)}), task(1, Lane::send, 1)}));
  EXPECT_TRUE(tests::has(faults, FaultKind::hosts)) << tests::text(faults);
  EXPECT_FALSE(tests::has(faults, FaultKind::order));
  const auto mended = faults_of(one_segment({task(0, Lane::send, 1), task(0, Lane::compute, 0, {done(3)}),
                                             task(1, Lane::compute, 0, {done(0)}), task(1, Lane::send, 1)}));
  EXPECT_EQ(tests::text(mended), "");
}

TEST(VerifyOrder, AWaitForWhatIsNotThereIsAFaultOfStructure) {
  EXPECT_TRUE(tests::has(faults_of(one_segment({task(0, Lane::compute, 0, {done(7)})})), FaultKind::structure));
  EXPECT_TRUE(
      tests::has(faults_of(one_segment({task(0, Lane::compute, 0, {Arrived{ExchangeId{0}}})})), FaultKind::structure));
  EXPECT_TRUE(tests::has(faults_of(one_segment({task(2, Lane::compute, 0)})), FaultKind::structure));
}

// Each rank sends two parts and waits for both of the other's before it sends: in turn a circle, whichever the
// transport.
Program exchanging(std::vector<Wait> waits_of_first, Transport transport) {
  Program program = one_segment({});
  for (int rank = 0; rank < 2; ++rank)
    program.buffers.push_back({.role = "rows", .rank = Rank{rank}, .extent = {.rows = 4}, .offset = {}});
  Segment& segment = program.segments.front();
  const auto rows = [](int rank, Range range) { return Region{BufferId{rank}, {0, 1}, range}; };
  segment.exchanges = {{transport, {{Rank{0}, Rank{1}, rows(0, {0, 2}), rows(1, {2, 4})}}},
                       {transport, {{Rank{1}, Rank{0}, rows(1, {0, 2}), rows(0, {2, 4})}}}};
  for (int exchange = 0; exchange < 2; ++exchange)
    for (int rank = 0; rank < 2; ++rank)
      segment.tasks.push_back({.kind = OpKind::exchange,
                               .chunk = exchange,
                               .rank = Rank{rank},
                               .lane = Lane::send,
                               .shape = ExchangeShape{ExchangeId{exchange}, Payload::latent},
                               .reads = {},
                               .writes = {},
                               .waits = {}});
  segment.tasks[0].waits = std::move(waits_of_first);
  for (RankMemory& memory : program.memory) memory.arena = Extent{.rows = 4}.size();
  return program;
}

TEST(VerifyOrder, AKindHasItsShapeAndItsOperands) {
  Program program = one_segment({task(0, Lane::compute, 0), task(1, Lane::compute, 0)});
  EXPECT_EQ(tests::text(faults_of(program)), "");
  program.segments.front().tasks[0].shape = BytesShape{};
  program.segments.front().tasks[1].writes.clear();
  EXPECT_EQ(tests::text(faults_of(program)),
            "structure: block / condition[0] @ rank 0 has the shape of another kind of task\n"
            "structure: block / condition[0] @ rank 1 reads or writes another number of regions than its kind does\n");
}

TEST(VerifyOrder, ARendezvousWaitsForEveryMember) {
  // Rank 0's first share waits for the second exchange, in which it has a share too, behind the first.
  EXPECT_TRUE(tests::has(faults_of(exchanging({Arrived{ExchangeId{1}}}, Transport::nccl)), FaultKind::order));
  // In turn rank 1 sends whether or not rank 0 is there.
  EXPECT_FALSE(tests::has(faults_of(exchanging({Arrived{ExchangeId{1}}}, Transport::peer)), FaultKind::order));
}

TEST(VerifyOrder, EveryPartNeedsATaskAtBothEnds) {
  Program program = exchanging({}, Transport::peer);
  program.segments.front().tasks.pop_back();
  const auto faults = faults_of(program);
  ASSERT_TRUE(tests::has(faults, FaultKind::structure));
  EXPECT_EQ(faults.front().message, "block / exchange_latent[1] / part from rank 1 to rank 0 has no task on rank 1");
}

}  // namespace
}  // namespace pipedit::program
