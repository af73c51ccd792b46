#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <thread>

#include "executor/warm_up.h"
#include "tests/executor/small_program.h"

namespace pipedit::executor::test {
namespace {

using namespace program;

constexpr int kDenoise = 5, kDecode = 3, kRequests = 12, kSteps = 4;

std::vector<Rank> ranks(int begin, int end) {
  std::vector<Rank> all;
  for (int rank = begin; rank < end; ++rank) all.push_back(Rank{rank});
  return all;
}

// Five ranks denoise, three decode and are lent when they are idle. Each unit is a task on every rank that takes part.
Program aco(int latent_slots) {
  SmallProgram small(kDenoise + kDecode, kRequests);
  const auto tasks = [](int begin, int end, OpKind kind) {
    std::vector<Task> list;
    for (const Rank rank : ranks(begin, end)) list.push_back(task(rank, Lane::compute, kind));
    return list;
  };
  std::vector<Task> borrowed = tasks(0, kDenoise + kDecode, OpKind::attention);
  // Lent ranks start when all their lanes are behind what they did before; the borrower waits for their share.
  for (int rank = kDenoise; rank < kDenoise + kDecode; ++rank)
    borrowed[static_cast<std::size_t>(rank)].waits = {Tail{Rank{rank}, Lane::compute}};
  for (int rank = 0; rank < kDenoise; ++rank)
    borrowed.push_back(task(Rank{rank}, Lane::compute, OpKind::gate, {TaskDone{TaskId{kDenoise}}}));
  const SegmentId plain = small.add(segment(tasks(0, kDenoise, OpKind::attention)));
  const SegmentId lent = small.add(segment(std::move(borrowed)));
  const SegmentId hand = small.add(segment({task(Rank{0}, Lane::hand, OpKind::save_latent)}));
  const SegmentId decode = small.add(segment(tasks(kDenoise, kDenoise + kDecode, OpKind::decode_tile)));
  const ActorId decoder{1};
  Unit step{.kind = UnitKind::step,
            .repeat = kSteps,
            .alternatives = {{{{plain, 0}}, {}}, {{{lent, 1}}, ranks(kDenoise, kDenoise + kDecode)}},
            .helpers = decoder,
            .hand_to = {}};
  Unit handing = unit(UnitKind::hand, {{hand, 0}});
  handing.hand_to = decoder;
  small.add_actor(ranks(0, kDenoise), {std::move(step), std::move(handing)});
  small.add_decoder(ranks(kDenoise, kDenoise + kDecode), latent_slots, {unit(UnitKind::decode, {{decode, 0}})});
  return small.program;
}

void sleep_at_random(int seed, const OpContext& context) {
  std::minstd_rand random(static_cast<unsigned>(seed + 31 * static_cast<int>(context.bindings.request) +
                                                7 * context.bindings.step + static_cast<int>(context.task.rank)));
  const bool decodes = context.task.kind == OpKind::decode_tile;
  std::this_thread::sleep_for(std::chrono::microseconds(random() % (decodes ? 600 : 100)));
}

struct Interval {
  Nanos start, end;
};

// Lent ranks do one thing at a time, and every step and video is there once.
void check(const Timeline& timeline) {
  std::map<Rank, std::vector<Interval>> busy;
  std::map<std::string, int> units;
  for (const TaskInstance& instance : expand(timeline))
    busy[instance.task->rank].push_back({instance.start, instance.end});
  for (const Occurrence& occurrence : timeline.occurrences) ++units[occurrence.unit];
  EXPECT_EQ(units["step"], kRequests * kSteps);
  EXPECT_EQ(units["hand"], kRequests);
  EXPECT_EQ(units["decode"], kRequests);
  for (auto& [rank, intervals] : busy)
    for (std::size_t i = 1; i < intervals.size(); ++i)
      EXPECT_GE(intervals[i].start, intervals[i - 1].end) << index(rank);
}

// No step is lent while the decoder has a video between its hand-over and its last tile.
void check_decisions(const Timeline& timeline) {
  std::map<RequestId, Nanos> handed, decoded;
  for (const Occurrence& occurrence : timeline.occurrences) {
    if (occurrence.unit == "hand") handed[occurrence.request] = occurrence.end;
    if (occurrence.unit == "decode") decoded[occurrence.request] = occurrence.end;
  }
  for (const Occurrence& step : timeline.occurrences) {
    if (step.unit != "step" || step.alternative == 0) continue;
    for (const auto& [request, end] : handed)
      EXPECT_TRUE(end > step.start || decoded[request] <= step.start) << "lent while a video was being decoded";
  }
}

TEST(Decisions, HelpersAreLentOnlyWhileTheyAreIdle) {
  for (int seed = 0; seed < 25; ++seed) {
    const Timeline timeline =
        run_small(aco(1 + seed % 3), [&](const OpContext& context) { sleep_at_random(seed, context); });
    check(timeline);
    check_decisions(timeline);
    const auto taken = decisions(timeline);
    ASSERT_EQ(taken.size(), static_cast<std::size_t>(kRequests * kSteps));
    for (int step = 0; step < kSteps; ++step)
      EXPECT_EQ(taken[static_cast<std::size_t>(step)].alternative, 1) << "nothing to decode yet";
  }
}

TEST(Decisions, AreTakenBothWaysWhileWarmingUp) {
  const Timeline timeline = run_small(shortened(aco(2)), [](const OpContext& context) {
    if (context.task.kind == OpKind::decode_tile) std::this_thread::sleep_for(100ms);
  });
  const auto taken = decisions(timeline);
  ASSERT_EQ(taken.size(), 2u);
  EXPECT_EQ(taken[0].alternative, 1);
  EXPECT_EQ(taken[1].alternative, 0);
}

TEST(Decisions, HelpersThatNeverRestAreNeverLent) {
  std::atomic<int> denoised = 0;
  const Timeline timeline = run_small(aco(2), [&](const OpContext& context) {
    // The first video is decoded until all is denoised.
    if (context.task.kind == OpKind::save_latent) ++denoised;
    if (context.task.kind == OpKind::decode_tile && context.bindings.request == RequestId{0} &&
        context.task.rank == Rank{kDenoise})
      for (int i = 0; i < 2000 && denoised < 2; ++i) std::this_thread::sleep_for(1ms);
  });
  check(timeline);
  for (const Decision& decision : decisions(timeline))
    EXPECT_TRUE(decision.request != RequestId{1} || decision.alternative == 0);
}

TEST(HandOver, ASlotIsUsedAgainOnlyWhenItsVideoIsDecoded) {
  for (const int slots : {1, 2}) {
    std::mutex mutex;
    std::map<int, std::pair<RequestId, int>> held;  // by slot: whose latent, and how many ranks are to decode it yet
    run_small(aco(slots), [&](const OpContext& context) {
      const std::lock_guard lock(mutex);
      const int slot = context.bindings.latent_slot;
      if (context.task.kind == OpKind::save_latent) {
        EXPECT_LT(slot, slots);
        EXPECT_TRUE(held.try_emplace(slot, context.bindings.request, kDecode).second);
      }
      if (context.task.kind != OpKind::decode_tile) return;
      ASSERT_TRUE(held.contains(slot));
      EXPECT_EQ(held.at(slot).first, context.bindings.request);
      if (--held.at(slot).second == 0) held.erase(slot);
    });
    EXPECT_TRUE(held.empty());
  }
}

Program replicas(int count, int requests) {
  SmallProgram small(count, requests);
  for (int rank = 0; rank < count; ++rank) {
    const SegmentId id = small.add(segment({task(Rank{rank}, Lane::compute)}));
    small.add_actor({Rank{rank}}, {unit(UnitKind::begin, {{id, 0}})});
  }
  return small.program;
}

TEST(Queue, EveryRequestIsDrawnOnceAndFirstByTheFirstReplica) {
  std::mutex mutex;
  std::map<RequestId, Rank> by;
  run_small(replicas(4, 40), [&](const OpContext& context) {
    const std::lock_guard lock(mutex);
    EXPECT_TRUE(by.emplace(context.bindings.request, context.task.rank).second);
  });
  EXPECT_EQ(by.size(), 40u);
  for (int rank = 0; rank < 4; ++rank) EXPECT_EQ(by.at(RequestId{rank}), Rank{rank});
}

TEST(Queue, ARequestIsNotDrawnBeforeItArrives) {
  Program program = replicas(2, 3);
  program.arrivals = {0ms, 0ms, 500ms};
  const Timeline timeline = run_small(program);
  EXPECT_LT(timeline.requests[1].end, 500ms);
  EXPECT_GE(timeline.requests[2].start, 500ms);
  EXPECT_LT(timeline.requests[2].start, 5s);
}

}  // namespace
}  // namespace pipedit::executor::test
