#include "simulator/engine/turns.h"

#include <algorithm>

#include "simulator/engine/lanes.h"

namespace pipedit::simulator {

namespace {

// A task that takes no time, an exchange that only receives, or one whose transport moves the parts.
bool takes_work(const Head& head) {
  const PlannedCall& call = head.run->plan->call_of(head.node);
  const TaskFacts& task = *at(head.run->plan->nodes, head.node).task;
  if (task.exchange < 0) return task.cost > Nanos{0};
  return program::reading_of(at(call.graph->exchanges, task.exchange).transport) == program::Reading::in_turn &&
         !call.graph->sends[static_cast<std::size_t>(head.node - call.first_node)].empty();
}

// Of the heads that are ready and take work, or take none, the first in enqueue order.
Head first_ready(RankState& rank, bool work) {
  Head first;
  for (int lane = 0; lane < program::kLanes; ++lane) {
    const Head head = ready_head(rank, lane);
    if (head.run == nullptr || takes_work(head) != work) continue;
    if (first.run == nullptr || place_of(rank, head) < place_of(rank, first)) first = head;
  }
  return first;
}

bool has_slot(const RankState& rank) { return rank.turn >= Nanos{0}; }
bool has_work(RankState& rank) { return first_ready(rank, true).run != nullptr; }

void go_on(World& world, int id) { start_head(world, id, first_ready(world.rank(id), true)); }

void serve(World& world, DeviceState& device) {
  while (device.free_slots > 0 && !device.line.empty()) {
    const int first = device.line.front();
    device.line.pop_front();
    --device.free_slots;
    world.rank(first).in_line = false;
    world.rank(first).turn = world.now;
    go_on(world, first);
  }
}

void join_line(World& world, int id) {
  RankState& rank = world.rank(id);
  DeviceState& device = world.device(rank.device);
  rank.in_line = true;
  device.line.push_back(id);
  serve(world, device);
}

void give_back(World& world, int id) {
  RankState& rank = world.rank(id);
  DeviceState& device = world.device(rank.device);
  rank.turn = Nanos{-1};
  ++device.free_slots;
  serve(world, device);
}

bool is_over(World& world, const RankState& rank) {
  return world.now - rank.turn >= program::kCpuTurn && !world.device(rank.device).line.empty();
}

bool between_tasks(const RankState& rank) { return has_slot(rank) && !rank.thread_busy; }

}  // namespace

void look_at_thread(World& world, int id) {
  RankState& rank = world.rank(id);
  if (rank.thread_busy) return;
  for (Head head = first_ready(rank, false); head.run != nullptr; head = first_ready(rank, false))
    start_head(world, id, head);
  world.woken_threads.push_back(id);
}

void take_turns(World& world) {
  std::vector<int>& ranks = world.woken_threads;
  if (ranks.empty()) return;
  std::sort(ranks.begin(), ranks.end());
  ranks.erase(std::unique(ranks.begin(), ranks.end()), ranks.end());
  for (const int id : ranks)
    if (RankState& rank = world.rank(id); !has_slot(rank) && !rank.in_line && has_work(rank)) join_line(world, id);
  for (const int id : ranks)
    if (RankState& rank = world.rank(id); between_tasks(rank) && !has_work(rank)) give_back(world, id);
  for (const int id : ranks) {
    RankState& rank = world.rank(id);
    if (!between_tasks(rank)) continue;
    if (!is_over(world, rank)) {
      go_on(world, id);
      continue;
    }
    give_back(world, id);
    join_line(world, id);
  }
  ranks.clear();
}

Nanos age_of_turn(const World& world, int id) {
  const RankState& rank = at(world.ranks, id);
  if (!has_slot(rank)) return Nanos{-1};
  const DeviceState& device = at(world.devices, rank.device);
  return device.ranks > device.slots ? std::min(world.now - rank.turn, program::kCpuTurn) : Nanos{0};
}

void resume_turn(World& world, int id, Nanos age) {
  RankState& rank = world.rank(id);
  --world.device(rank.device).free_slots;
  rank.turn = world.now - age;
  world.woken_threads.push_back(id);
}

}  // namespace pipedit::simulator
