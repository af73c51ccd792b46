#include "program/verify/verify.h"

#include <gtest/gtest.h>

#include "program/lower/lower.h"
#include "program/verify/accesses.h"
#include "tests/program/brute_force.h"
#include "tests/program/plans.h"
#include "tests/program/seeds.h"

// Faults that are seeded into lowered programs, by kind.
namespace pipedit::program {
namespace {

using tests::cluster;
using tests::faults_of;
using tests::has;
using tests::kGroups;
using tests::lowered;
using tests::plan;
using tests::tasks_where;
using tests::text;

const tests::PlanShape kLends{.denoise = 3, .decode = 2, .chunks = {2, 1}, .lent_heads = 2};

TEST(Verify, FindsNothingInWhatIsLowered) {
  const tests::PlanShape shapes[] = {
      {.denoise = 1},
      {.denoise = 5},
      {.denoise = 8, .transport = Transport::nccl},
      {.denoise = 7, .chunks = {2, 1}, .row_groups = 4, .fill = false},
      {.denoise = 7, .chunks = {1, 1}, .row_groups = 2, .transport = Transport::staged},
      {.denoise = 5, .decode = 3},
      {.denoise = 5, .decode = 3, .chunks = {2, 1}, .row_groups = 2, .lent_heads = 1},
      {.denoise = 5, .decode = 3, .lent_heads = 2, .transport = Transport::nccl},
      {.denoise = 4, .memory = Memory::offload},
      {.denoise = 2, .decode = 2, .memory = Memory::offload},
  };
  for (const tests::PlanShape& shape : shapes) EXPECT_EQ(text(faults_of(lowered(shape))), "") << shape.denoise;
}

TEST(Verify, FindsNothingInReplicasOfDifferentPipelines) {
  Plan replicas = plan({.denoise = 3, .decode = 2, .lent_heads = 1});
  Plan other = plan({.denoise = 2, .chunks = {3}});
  for (Rank& rank : other.pipelines.front().denoise) rank = Rank{static_cast<int>(rank) + 5};
  other.pipelines.front().decode = other.pipelines.front().denoise;
  replicas.pipelines.push_back(other.pipelines.front());
  const Program program =
      lower(tests::model("hunyuanvideo-tiny"), cluster(8), uniform_workload(tests::kTinyShape, 3), replicas);
  EXPECT_EQ(text(verify(program, cluster(8))), "");
}

TEST(Verify, SeesRequestsOfDifferentShapesBesideEachOther) {
  RequestShape smaller = tests::kTinyShape;
  smaller.frames = 9;
  Workload workload = uniform_workload(tests::kTinyShape, 2);
  workload.shapes.push_back(smaller);
  workload.requests.push_back({.shape = 1, .arrival = {}, .prompt = {}});
  Program program = lower(tests::model("hunyuanvideo-tiny"), cluster(4), workload, plan({.denoise = 2, .decode = 2}));
  EXPECT_EQ(text(faults_of(program)), "");
  // The next video's frames are blended while the last one's are written: only between shapes, for the larger one's
  // bytes.
  for (Segment& segment : program.segments)
    for (Task& task : segment.tasks)
      if (task.kind == OpKind::blend && task.chunk == 0)
        std::erase_if(task.waits, [](const Wait& wait) { return std::holds_alternative<Tail>(wait); });
  EXPECT_TRUE(has(faults_of(program), FaultKind::race));
}

TEST(Verify, FindsEveryDroppedPart) {
  const Program whole = lowered(kGroups);
  int dropped = 0, caught = 0;
  for (std::size_t s = 0; s < whole.segments.size(); ++s)
    for (std::size_t e = 0; e < whole.segments[s].exchanges.size(); ++e)
      for (std::size_t p = 0; p < whole.segments[s].exchanges[e].parts.size(); p += 5, ++dropped) {
        Program program = whole;
        auto& parts = program.segments[s].exchanges[e].parts;
        parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(p));
        const std::vector<Fault> faults = faults_of(program);
        const bool found = has(faults, FaultKind::coverage) || has(faults, FaultKind::structure);
        EXPECT_TRUE(found) << whole.segments[s].name;
        caught += found ? 1 : 0;
      }
  tests::expect_all_caught("dropped parts", caught, dropped);
  EXPECT_GT(dropped, 20);
}

TEST(Verify, FindsEveryShiftedTarget) {
  const Program whole = lowered(kGroups);
  int shifted = 0, caught = 0;
  for (std::size_t s = 0; s < whole.segments.size(); ++s)
    for (std::size_t e = 0; e < whole.segments[s].exchanges.size(); ++e)
      for (std::size_t p = 0; p < whole.segments[s].exchanges[e].parts.size(); p += 5, ++shifted) {
        Program program = whole;
        Range& rows = program.segments[s].exchanges[e].parts[p].target.rows;
        const std::int64_t by = rows.begin > 0 ? -1 : 1;
        rows = {rows.begin + by, rows.end + by};
        const bool found = !faults_of(program).empty();
        EXPECT_TRUE(found) << whole.segments[s].name << " exchange " << e << " part " << p;
        caught += found ? 1 : 0;
      }
  tests::expect_all_caught("shifted regions", caught, shifted);
  EXPECT_GT(shifted, 20);
}

TEST(Verify, FindsAShiftedRead) {
  Program program = lowered(kGroups);
  const auto place = tasks_where(program, [](const Task& task) {
                       return task.kind == OpKind::attention && task.rank == Rank{1};
                     }).front();
  Region& keys = program.segments[place.segment].tasks[place.item].reads[1];
  keys.rows.end += 1;
  EXPECT_TRUE(has(faults_of(program), FaultKind::structure));  // one row past the sequence
}

// On one lane the enqueue order is the order of execution: a reader before its writer reads what nobody wrote for it.
TEST(Verify, FindsSwappedNeighboursThatDependOnEachOther) {
  const Program whole = lowered({.denoise = 2});
  int swaps = 0, caught = 0;
  for (const auto& place : tasks_where(whole, [](const Task& task) { return task.lane == Lane::compute; })) {
    const std::vector<Task>& tasks = whole.segments[place.segment].tasks;
    const Task& first = tasks[place.item];
    if (first.writes.empty() || place.item + 1 == tasks.size()) continue;
    const Task& second = tasks[place.item + 1];
    const bool depends = second.rank == first.rank && second.lane == first.lane && !second.reads.empty() &&
                         second.reads.front() == first.writes.front() && first.kind != OpKind::gate;
    if (!depends) continue;
    const bool found =
        has(faults_of(tests::swapped(whole, place.segment, place.item, place.item + 1)), FaultKind::coverage);
    EXPECT_TRUE(found) << label(first) << " and " << label(second);
    ++swaps, caught += found ? 1 : 0;
  }
  tests::expect_all_caught("tasks swapped in enqueue order", caught, swaps);
  EXPECT_GE(swaps, 6);
}

TEST(Verify, FindsAHostThatWaitsForWhatStandsBehind) {
  const Program whole = lowered({.denoise = 2});
  const auto attention = tasks_where(whole, [](const Task& task) {
                           return task.kind == OpKind::attention && task.rank == Rank{0};
                         }).front();
  const std::vector<Task>& tasks = whole.segments[attention.segment].tasks;
  Program program = whole;
  // Rank 0 waits early for rank 1, whose host cannot get there before rank 0's keys have been sent.
  program.segments[attention.segment].tasks[0].waits.push_back(TaskDone{TaskId{static_cast<int>(tasks.size()) - 1}});
  const std::vector<Fault> faults = faults_of(program);
  EXPECT_TRUE(has(faults, FaultKind::hosts)) << text(faults);
  EXPECT_TRUE(has(faults, FaultKind::order)) << text(faults);
}

Program unclosed(Transport transport) {
  tests::PlanShape shape = kGroups;
  shape.transport = transport;
  Program program = lowered(shape);
  std::size_t dropped = 0;
  for (const auto& place : tasks_where(program, [](const Task& task) { return task.kind == OpKind::gate; })) {
    std::vector<Wait>& waits = program.segments[place.segment].tasks[place.item].waits;
    dropped += waits.size();
    waits.clear();
  }
  EXPECT_GT(dropped, 0u);
  return program;
}

TEST(Verify, FindsASegmentThatDoesNotClose) {
  tests::expect_all_caught("row groups and split heads without their closing waits",
                           has(faults_of(unclosed(Transport::peer)), FaultKind::race) ? 1 : 0, 1);
  // A rendezvous closes by itself: nobody's keys move before every member's have been packed, which is behind its
  // readers.
  EXPECT_EQ(text(faults_of(unclosed(Transport::nccl))), "");
  EXPECT_FALSE(tests::has_race(unclosed(Transport::nccl)));
}

TEST(Verify, FindsABorrowedStepOnRanksThatNobodyLent) {
  Program program = lowered(kLends);
  for (Actor& actor : program.actors)
    for (Unit& unit : actor.scripts.front())
      for (Alternative& alternative : unit.alternatives) alternative.lent.clear();
  EXPECT_TRUE(has(faults_of(program), FaultKind::structure));
}

// The lanes of a lent rank stand in one order, but what peers send into its buffers is ordered by the loan alone.
TEST(Verify, FindsABorrowedStepBesideARunningDecode) {
  const auto races = [](bool lent) {
    Program program = shortened(lowered(kLends));
    program.request_shapes = {0, 0};
    for (Unit& unit : program.actors.front().scripts.front())
      for (Alternative& alternative : unit.alternatives)
        if (!lent) alternative.lent.clear();
    const Log log = unroll(program, ActorId{0}, {.shapes = {0, 0}, .first = 1, .second = 1});
    const DeviceGraph graph = device_graph(program, log);
    const Cells cells(program);
    Faults faults;
    check_accesses(program, log, graph, sort_events(graph.events(), graph.edges).order, cells, touches(program, cells),
                   faults);
    return faults.take();
  };
  EXPECT_EQ(text(races(true)), "");
  EXPECT_NE(text(races(false)).find("decode_tile"), std::string::npos) << text(races(false));
  tests::expect_all_caught("borrowed steps beside a running decode", has(races(false), FaultKind::race) ? 1 : 0, 1);
}

TEST(Verify, FindsTwoTasksOfOneName) {
  Program program = lowered({.denoise = 2});
  const auto place =
      tasks_where(program, [](const Task& task) { return task.kind == OpKind::gate && task.chunk == 1; });
  ASSERT_FALSE(place.empty());
  program.segments[place.front().segment].tasks[place.front().item].chunk = 0;
  EXPECT_TRUE(has(faults_of(program), FaultKind::name));
}

}  // namespace
}  // namespace pipedit::program
