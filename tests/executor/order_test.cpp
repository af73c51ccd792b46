#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/executor/small_program.h"

namespace pipedit::executor::test {
namespace {

using namespace program;
using testing::ElementsAre;

constexpr Rank r0{0}, r1{1};

std::vector<std::string> order_of(const Program& program) {
  Trace trace;
  run_small(program, std::ref(trace));
  return trace.names();
}

TEST(Order, OneRankRunsTheReadyHeadThatWasEnqueuedFirst) {
  // The writer's task stands first but waits for the last compute task.
  const auto names =
      order_of(one_segment(1, segment({task(r0, Lane::writer, OpKind::gate, {TaskDone{TaskId{3}}}),
                                       task(r0, Lane::compute), task(r0, Lane::copy), task(r0, Lane::compute)})));
  EXPECT_THAT(names, ElementsAre("gate[1] @ 0", "gate[2] @ 0", "gate[3] @ 0", "gate[0] @ 0"));
}

TEST(Order, ATaskThatWaitsHoldsItsLane) {
  const auto names = order_of(one_segment(1, segment({task(r0, Lane::compute, OpKind::gate, {TaskDone{TaskId{2}}}),
                                                      task(r0, Lane::compute), task(r0, Lane::copy)})));
  EXPECT_THAT(names, ElementsAre("gate[2] @ 0", "gate[0] @ 0", "gate[1] @ 0"));
}

TEST(Order, ATaskWaitsForAnotherRanksTask) {
  for (int repetition = 0; repetition < 20; ++repetition) {
    const auto names = order_of(one_segment(
        2, segment({task(r0, Lane::compute, OpKind::gate, {TaskDone{TaskId{1}}}), task(r1, Lane::compute)})));
    ASSERT_THAT(names, ElementsAre("gate[1] @ 1", "gate[0] @ 0"));
  }
}

TEST(Order, BlocksAndStepsComeInTheScriptsOrder) {
  SmallProgram small(1, 2);
  const SegmentId block = small.add(segment({task(r0, Lane::compute)}));
  small.add_actor({r0}, {unit(UnitKind::begin, {{block, 0}}), unit(UnitKind::step, {{block, 2}}, 2)});
  std::vector<Bindings> seen;
  run_small(small.program, [&](const OpContext& context) { seen.push_back(context.bindings); });
  ASSERT_EQ(seen.size(), 10u);
  EXPECT_EQ(seen[0].step, -1);
  EXPECT_EQ(seen[4].step, 1);
  EXPECT_EQ(seen[4].block, 1);
  EXPECT_EQ(seen[5].request, RequestId{1});
}

// Every task of a unit ends before any of the next starts, on all ranks; but the writer's may lag behind.
TEST(Order, UnitsStartAtABarrierThatDoesNotWaitForTheWriter) {
  SmallProgram small(3);
  const SegmentId step = small.add(segment({task(r0, Lane::compute), task(r1, Lane::send), task(Rank{2}, Lane::copy)}));
  small.add_actor({r0, r1, Rank{2}}, {unit(UnitKind::step, {{step, 0}}, 20)});
  std::atomic<int> done = 0;
  run_small(small.program, [&](const OpContext& context) {
    EXPECT_GE(done.load(), 3 * context.bindings.step);
    if (context.task.rank == Rank{context.bindings.step % 3}) std::this_thread::sleep_for(200us);
    ++done;
  });
  EXPECT_EQ(done, 60);
}

TEST(Order, TheBarrierDoesNotWaitForTheWriter) {
  SmallProgram small(2);
  const SegmentId first = small.add(segment({task(r0, Lane::writer, OpKind::write_frames), task(r1, Lane::compute)}));
  const SegmentId second = small.add(segment({task(r1, Lane::compute, OpKind::blend)}));
  small.add_actor({r0, r1}, {unit(UnitKind::decode, {{first, 0}}), unit(UnitKind::decode, {{second, 0}})});
  std::atomic<bool> blended = false;
  run_small(small.program, [&](const OpContext& context) {
    if (context.task.kind == OpKind::blend) blended = true;
    if (context.task.kind != OpKind::write_frames) return;
    for (int i = 0; i < 5000 && !blended; ++i) std::this_thread::sleep_for(1ms);
    EXPECT_TRUE(blended);
  });
}

// A gate that opens while a rank without a task looks for work is not taken for work.
TEST(Order, GatesThatOpenAtAnyMomentAreNoWork) {
  SmallProgram small(4);
  const SegmentId step = small.add(segment({task(r0, Lane::compute)}));
  small.add_actor({r0, r1, Rank{2}, Rank{3}}, {unit(UnitKind::step, {{step, 0}}, 20000)});
  std::atomic<int> done = 0;
  run_small(small.program, [&](const OpContext&) { ++done; });
  EXPECT_EQ(done, 20000);
}

TEST(Order, TailWaitsForTheLastTaskThereInEarlierCalls) {
  SmallProgram small(2);
  const SegmentId writes = small.add(segment({task(r0, Lane::writer, OpKind::write_frames), task(r1, Lane::compute)}));
  const SegmentId waits = small.add(segment({task(r1, Lane::compute, OpKind::blend, {Tail{r0, Lane::writer}})}));
  small.add_actor({r0, r1}, {unit(UnitKind::decode, {{writes, 0}}), unit(UnitKind::decode, {{waits, 0}})});
  for (int repetition = 0; repetition < 20; ++repetition) {
    std::atomic<bool> written = false;
    run_small(small.program, [&](const OpContext& context) {
      if (context.task.kind == OpKind::write_frames) {
        std::this_thread::sleep_for(300us);
        written = true;
      }
      EXPECT_TRUE(context.task.kind != OpKind::blend || written);
    });
  }
}

}  // namespace
}  // namespace pipedit::executor::test
