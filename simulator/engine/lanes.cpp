#include "simulator/engine/lanes.h"

#include <algorithm>

#include "simulator/engine/completion.h"
#include "simulator/engine/devices.h"
#include "simulator/engine/exchanges.h"
#include "simulator/engine/turns.h"

namespace pipedit::simulator {

using program::kLanes;
using program::Lane;

namespace {

// The next task of the lane, passing over units that have none.
Head head_of(RankState& rank, int lane) {
  LaneState& state = at(rank.lanes, lane);
  for (; state.entry < static_cast<int>(rank.log.size()); ++state.entry, state.next = 0) {
    const LogEntry& entry = at(rank.log, state.entry);
    if (entry.run->skipped) continue;
    const std::vector<int>& tasks = at(at(entry.run->plan->lanes, entry.participant), lane);
    if (state.next < static_cast<int>(tasks.size())) return {entry.run, lane, at(tasks, state.next)};
  }
  return {};
}

bool enqueued(const RankState& rank, int entry, int place) {
  return rank.host.entry > entry || (rank.host.entry == entry && rank.host.place > place);
}

bool ready(const RankState& rank, const Head& head) {
  if (head.run == nullptr || !head.run->started) return false;
  if (at(head.run->state->pending, head.node) != 0) return false;
  const auto [entry, place] = place_of(rank, head);
  return enqueued(rank, entry, place);
}

}  // namespace

std::pair<int, int> place_of(const RankState& rank, const Head& head) {
  return {at(rank.lanes, head.lane).entry, at(head.run->plan->nodes, head.node).place};
}

Head ready_head(RankState& rank, int lane) {
  if (at(rank.lanes, lane).running) return {};
  const Head head = head_of(rank, lane);
  return ready(rank, head) ? head : Head{};
}

void start_head(World& world, int id, const Head& head) {
  RankState& rank = world.rank(id);
  at(rank.lanes, head.lane).running = true;
  at(head.run->state->start, head.node) = world.now;
  const TaskFacts& task = *at(head.run->plan->nodes, head.node).task;
  if (task.exchange >= 0) return begin_exchange(world, *head.run, head.node);
  if (task.cost == Nanos{0}) return complete(world, *head.run, head.node);
  rank.thread_busy = rank.cpu;
  begin_task(world, *head.run, head.node);
}

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
        look_at_thread(world, id / kLanes);
      else if (const Head head = ready_head(rank, id % kLanes); head.run != nullptr)
        start_head(world, id / kLanes, head);
    }
  }
}

}  // namespace pipedit::simulator
