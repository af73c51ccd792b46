#include "simulator/engine/lanes.h"

#include <algorithm>

#include "simulator/engine/completion.h"
#include "simulator/engine/devices.h"
#include "simulator/engine/exchanges.h"

namespace pipedit::simulator {

using program::kLanes;
using program::Lane;

namespace {

struct Head {
  Run* run = nullptr;
  int node = -1;
};

// The next task of the lane, passing over units that have none.
Head head_of(RankState& rank, int lane) {
  LaneState& state = at(rank.lanes, lane);
  for (; state.entry < static_cast<int>(rank.log.size()); ++state.entry, state.next = 0) {
    const LogEntry& entry = at(rank.log, state.entry);
    if (entry.run->skipped) continue;
    const std::vector<int>& tasks = at(at(entry.run->plan->lanes, entry.participant), lane);
    if (state.next < static_cast<int>(tasks.size())) return {entry.run, at(tasks, state.next)};
  }
  return {};
}

bool enqueued(const RankState& rank, int entry, int place) {
  return rank.host.entry > entry || (rank.host.entry == entry && rank.host.place > place);
}

bool ready(const RankState& rank, int lane, const Head& head) {
  if (head.run == nullptr || !head.run->started) return false;
  if (at(head.run->state->pending, head.node) != 0) return false;
  const int place = at(head.run->plan->nodes, head.node).place;
  return enqueued(rank, at(rank.lanes, lane).entry, place);
}

void start(World& world, RankState& rank, int lane, const Head& head) {
  at(rank.lanes, lane).running = true;
  at(head.run->state->start, head.node) = world.now;
  const TaskFacts& task = *at(head.run->plan->nodes, head.node).task;
  if (task.exchange >= 0) return begin_exchange(world, *head.run, head.node);
  rank.thread_busy = rank.cpu;
  if (task.cost == Nanos{0}) return complete(world, *head.run, head.node);
  begin_task(world, *head.run, head.node);
}

void start_lane(World& world, int id) {
  RankState& rank = world.rank(id / kLanes);
  const int lane = id % kLanes;
  if (at(rank.lanes, lane).running) return;
  const Head head = head_of(rank, lane);
  if (ready(rank, lane, head)) start(world, rank, lane, head);
}

// One thread for all lanes: of the ready heads, the first in enqueue order.
void start_thread(World& world, int id) {
  RankState& rank = world.rank(id);
  while (!rank.thread_busy) {
    int best = -1;
    Head first;
    std::pair<int, int> earliest;
    for (int lane = 0; lane < kLanes; ++lane) {
      if (at(rank.lanes, lane).running) continue;
      const Head head = head_of(rank, lane);
      if (!ready(rank, lane, head)) continue;
      const std::pair order{at(rank.lanes, lane).entry, at(head.run->plan->nodes, head.node).place};
      if (best >= 0 && order >= earliest) continue;
      best = lane, first = head, earliest = order;
    }
    if (best < 0) return;
    start(world, rank, best, first);
  }
}

}  // namespace

void wake_lane(World& world, int rank, Lane lane) {
  RankState& state = world.rank(rank);
  const int number = state.cpu ? 0 : static_cast<int>(lane);
  bool& woken = at(state.lanes, number).woken;
  if (woken) return;
  woken = true;
  world.woken_lanes.push_back(rank * kLanes + number);
}

void start_woken_lanes(World& world) {
  while (!world.woken_lanes.empty()) {
    std::vector<int>& lanes = world.waking_lanes;
    lanes.swap(world.woken_lanes);
    world.woken_lanes.clear();
    std::sort(lanes.begin(), lanes.end());
    for (const int id : lanes) {
      RankState& rank = world.rank(id / kLanes);
      rank.lanes[static_cast<std::size_t>(id % kLanes)].woken = false;
      if (rank.cpu)
        start_thread(world, id / kLanes);
      else
        start_lane(world, id);
    }
  }
}

}  // namespace pipedit::simulator
