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
  LaneState& state = rank.lanes[static_cast<std::size_t>(lane)];
  for (; state.entry < static_cast<int>(rank.log.size()); ++state.entry, state.next = 0) {
    const LogEntry& entry = rank.log[static_cast<std::size_t>(state.entry)];
    if (entry.run->skipped) continue;
    const std::vector<int>& tasks =
        entry.run->plan->lanes[static_cast<std::size_t>(entry.participant)][static_cast<std::size_t>(lane)];
    if (state.next < static_cast<int>(tasks.size())) return {entry.run, tasks[static_cast<std::size_t>(state.next)]};
  }
  return {};
}

bool enqueued(const RankState& rank, int entry, int place) {
  return rank.host.entry > entry || (rank.host.entry == entry && rank.host.place > place);
}

bool ready(const RankState& rank, int lane, const Head& head) {
  if (head.run == nullptr || !head.run->started) return false;
  if (head.run->state->pending[static_cast<std::size_t>(head.node)] != 0) return false;
  const int place = head.run->plan->nodes[static_cast<std::size_t>(head.node)].place;
  return enqueued(rank, rank.lanes[static_cast<std::size_t>(lane)].entry, place);
}

void start(World& world, RankState& rank, int lane, const Head& head) {
  rank.lanes[static_cast<std::size_t>(lane)].running = true;
  head.run->state->start[static_cast<std::size_t>(head.node)] = world.now;
  const TaskFacts& task = *head.run->plan->nodes[static_cast<std::size_t>(head.node)].task;
  if (task.exchange >= 0) return begin_exchange(world, *head.run, head.node);
  rank.thread_busy = rank.cpu;
  if (task.cost == Nanos{0}) return complete(world, *head.run, head.node);
  begin_task(world, *head.run, head.node);
}

void start_lane(World& world, int id) {
  RankState& rank = world.rank(id / kLanes);
  const int lane = id % kLanes;
  if (rank.lanes[static_cast<std::size_t>(lane)].running) return;
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
      if (rank.lanes[static_cast<std::size_t>(lane)].running) continue;
      const Head head = head_of(rank, lane);
      if (!ready(rank, lane, head)) continue;
      const std::pair order{rank.lanes[static_cast<std::size_t>(lane)].entry,
                            head.run->plan->nodes[static_cast<std::size_t>(head.node)].place};
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
  bool& woken = state.lanes[static_cast<std::size_t>(number)].woken;
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
