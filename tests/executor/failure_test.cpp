#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "core/error.h"
#include "tests/executor/run_plan.h"
#include "tests/executor/small_program.h"

namespace pipedit::executor::test {
namespace {

using namespace program;
using testing::HasSubstr;
using testing::StartsWith;

constexpr Rank r0{0}, r1{1}, r2{2};

// Three ranks that wait for each other every step, for ever as a test sees it.
Program endless() {
  SmallProgram small(3);
  const SegmentId id =
      small.add(segment({task(r0, Lane::compute), task(r1, Lane::compute, OpKind::gate, {TaskDone{TaskId{0}}}),
                         task(r2, Lane::compute, OpKind::attention, {TaskDone{TaskId{1}}})}));
  small.program.segments[0].name = "double block";
  small.add_actor({r0, r1, r2}, {unit(UnitKind::step, {{id, 2}}, 1'000'000)});
  return small.program;
}

TEST(Failure, TheFirstErrorNamesRankRequestStepAndTask) {
  const std::string error = failure_of([] {
    run_small(endless(), [](const OpContext& context) {
      if (context.bindings.step == 3 && context.bindings.block == 1 && context.task.rank == r2) throw Error("no more");
    });
  });
  EXPECT_EQ(error, "rank 2: request 0 / step 3 / double block 1 / attention[2] @ rank 2: no more");
}

TEST(Failure, OtherKindsOfExceptionsAreNamedToo) {
  const auto throwing = [](const OpContext& context) {
    if (context.bindings.step == 1) throw std::bad_alloc();
  };
  EXPECT_THAT(failure_of([&] { run_small(endless(), throwing); }),
              HasSubstr("step 1 / double block 0 / gate[0] @ rank 0: "));
}

TEST(Failure, EveryRankIsReleased) {
  for (int repetition = 0; repetition < 30; ++repetition) {
    const int victim = repetition % 3;
    const std::string error = failure_of([&] {
      run_small(endless(), [&](const OpContext& context) {
        if (context.bindings.step == 5 && context.task.rank == Rank{victim}) throw Error("no more");
      });
    });
    ASSERT_THAT(error, StartsWith("rank " + std::to_string(victim)));
  }
}

TEST(Failure, TheStopFlagEndsARun) {
  std::atomic<bool> stop = false;
  std::jthread user([&] {
    std::this_thread::sleep_for(50ms);
    stop = true;
  });
  EXPECT_EQ(failure_of([&] { run_small(endless(), [](const OpContext&) {}, {.stop = &stop, .before_task = {}}); }),
            "stopped");
}

TEST(Failure, AHookBeforeATaskCanFailIt) {
  const ExecuteOptions options{.before_task = [](const TaskInstanceRef& at) {
    if (at.call.bindings.step == 2 && at.task.rank == r1) throw Error("injected");
  }};
  EXPECT_THAT(failure_of([&] {
                run_small(
                    endless(), [](const OpContext&) {}, options);
              }),
              HasSubstr("gate[1] @ rank 1: injected"));
}

TEST(Stall, TasksThatWaitInACircleAreNamed) {
  const Program circle = one_segment(2, segment({task(r0, Lane::compute, OpKind::gate, {TaskDone{TaskId{1}}}),
                                                 task(r1, Lane::compute, OpKind::gate, {TaskDone{TaskId{0}}})}));
  EXPECT_EQ(
      failure_of([&] { run_small(circle); }),
      "nothing can go on: request 0 / segment / gate[0] @ rank 0 waits for request 0 / segment / gate[1] @ rank 1, "
      "which waits in a circle");
}

// Rank 2 belongs to no actor, so its task is never enqueued.
TEST(Stall, ATaskThatNeverComesIsNamed) {
  SmallProgram small(3);
  const SegmentId id =
      small.add(segment({task(r0, Lane::compute, OpKind::gate, {TaskDone{TaskId{2}}}),
                         task(r1, Lane::compute, OpKind::gate, {TaskDone{TaskId{0}}}), task(r2, Lane::compute)}));
  small.add_actor({r0, r1}, {unit(UnitKind::begin, {{id, 0}})});
  EXPECT_EQ(
      failure_of([&] { run_small(small.program); }),
      "nothing can go on: request 0 / segment / gate[0] @ rank 0 waits for request 0 / segment / gate[2] @ rank 2, "
      "which never comes");
}

TEST(Stall, WaitsForWhatIsNotInTheSegmentAreFoundBeforeAnythingRuns) {
  const Program no_task = one_segment(1, segment({task(r0, Lane::compute, OpKind::gate, {TaskDone{TaskId{7}}})}));
  EXPECT_EQ(failure_of([&] { run_small(no_task); }), "segment / gate[0] @ rank 0 waits for task 7, which never comes");
  const Program no_exchange =
      one_segment(1, segment({task(r0, Lane::compute, OpKind::gate, {Arrived{ExchangeId{0}}})}));
  EXPECT_EQ(failure_of([&] { run_small(no_exchange); }),
            "segment / gate[0] @ rank 0 waits for exchange 0, which never comes");
}

// Taking any one exchange out of any rank of a real program makes the run fail, whoever waited for it.
TEST(Stall, ATransferTakenOutOfAPlanIsNoticed) {
  const Workload workload = tiny_workload(1, 1);
  const Program whole = tiny_program({.denoise = 3, .chunks = {1, 1}, .transport = Transport::host}, workload);
  int taken = 0;
  for (std::size_t s = 0; s < whole.segments.size(); ++s)
    for (std::size_t x = 0; x < whole.segments[s].exchanges.size(); ++x) {
      Program program = whole;
      std::vector<Part>& parts = program.segments[s].exchanges[x].parts;
      const Rank sender = parts.front().from;
      for (Task& member : program.segments[s].tasks)
        if (const auto* shape = std::get_if<ExchangeShape>(&member.shape))
          if (index(shape->exchange) == x && member.rank == sender)
            member.kind = OpKind::gate, member.shape = RowsShape{};
      MemorySink sink;
      CpuBackend backend;
      EXPECT_THAT(failure_of([&] { execute(program, backend, tiny_job(workload, sink)); }),
                  HasSubstr("which has no task for it"));
      ++taken;
    }
  EXPECT_GT(taken, 8);
}

TEST(Memory, ARegionOutsideOfItsBufferIsNamed) {
  SmallProgram small(1);
  const BufferId buffer = small.add_buffer(r0, {.rows = 4, .elements = 2});
  Task reading = task(r0, Lane::compute);
  reading.reads = {{buffer, {0, 1}, {2, 5}}};
  small.add_actor({r0}, {unit(UnitKind::begin, {{small.add(segment({reading})), 0}})});
  EXPECT_THAT(failure_of([&] { run_small(small.program); }),
              HasSubstr("rows 2-5 of copy 0 lie outside of buffer buffer of rank 0"));
}

}  // namespace
}  // namespace pipedit::executor::test
