#include "simulator/engine/hosts.h"

#include <algorithm>

#include "simulator/engine/actors.h"
#include "simulator/engine/lanes.h"

namespace pipedit::simulator {

namespace {

bool has_enqueued(const World& world, const Run& run, int node) {
  const PlannedNode& planned = at(run.plan->nodes, node);
  const Host& host = at(world.ranks, planned.task->rank).host;
  const int entry = at(run.entry, planned.participant);
  return host.entry > entry || (host.entry == entry && host.place > planned.place);
}

// The rank whose host has to enqueue something before this task can be enqueued; -1: none.
int blocked_by(const World& world, const Run& run, int node) {
  const PlannedNode& planned = at(run.plan->nodes, node);
  const PlannedCall& call = at(run.plan->calls, planned.call);
  const auto missing = [&](const Run& other, int task) {
    return !has_enqueued(world, other, task) ? at(other.plan->nodes, task).task->rank : -1;
  };
  for (const int task : call.graph->enqueued_before[static_cast<std::size_t>(node - call.first_node)])
    if (const int rank = missing(run, call.first_node + task); rank >= 0) return rank;
  if (!planned.tails) return -1;
  for (const auto& [waiting, target] : run.plan->inner_tails)
    if (waiting == node)
      if (const int rank = missing(run, target); rank >= 0) return rank;
  for (const OuterWait& wait : run.waits)
    if (wait.node == node && !wait.target->task_done(wait.target_node))
      if (const int rank = missing(*wait.target, wait.target_node); rank >= 0) return rank;
  return -1;
}

bool may_enter(World& world, int id) {
  RankState& rank = world.rank(id);
  const int entry = rank.host.entry;
  if (!may_run_ahead(rank, entry)) return false;
  if (entry == static_cast<int>(rank.log.size())) extend(world, id);
  if (entry == static_cast<int>(rank.log.size())) return false;
  return !at(rank.log, entry).drain_first || rank.first_open >= entry;
}

void enqueued(World& world, int id) {
  Host& host = world.rank(id).host;
  ++host.place;
  for (const int other : host.blocked) wake_host(world, other);
  host.blocked.clear();
}

// Enqueues what costs nothing, then begins to enqueue the next task; stops where it has to wait.
void advance(World& world, int id) {
  RankState& rank = world.rank(id);
  Host& host = rank.host;
  while (!host.frozen && host.busy_until < Nanos{0}) {
    if (host.place == 0 && !may_enter(world, id)) return;
    const LogEntry& entry = at(rank.log, host.entry);
    const std::vector<int>& tasks = at(entry.run->plan->enqueue, entry.participant);
    if (host.place == static_cast<int>(tasks.size())) {
      ++host.entry;
      host.place = 0;
      continue;
    }
    const int node = at(tasks, host.place);
    if (const int other = blocked_by(world, *entry.run, node); other >= 0) {
      world.rank(other).host.blocked.push_back(id);
      return;
    }
    const TaskFacts& task = *at(entry.run->plan->nodes, node).task;
    if (task.launch > Nanos{0}) {
      host.busy_until = world.now + task.launch;
      world.agenda.add({host.busy_until, EventKind::host_done, id, ++host.version});
      return;
    }
    enqueued(world, id);
    wake_lane(world, id, task.lane);
  }
}

}  // namespace

bool may_run_ahead(const RankState& rank, int entry) {
  return entry < 2 || rank.log[static_cast<std::size_t>(entry) - 2].run->done;
}

void wake_host(World& world, int rank) {
  Host& host = world.rank(rank).host;
  if (host.woken) return;
  host.woken = true;
  world.woken_hosts.push_back(rank);
}

void advance_woken_hosts(World& world) {
  while (!world.woken_hosts.empty()) {
    std::vector<int>& hosts = world.waking_hosts;
    hosts.swap(world.woken_hosts);
    world.woken_hosts.clear();
    std::sort(hosts.begin(), hosts.end());
    for (const int id : hosts) {
      world.rank(id).host.woken = false;
      advance(world, id);
    }
  }
}

void host_done(World& world, int id) {
  RankState& rank = world.rank(id);
  Host& host = rank.host;
  host.busy_until = Nanos{-1};
  const LogEntry& entry = at(rank.log, host.entry);
  const int node = at(at(entry.run->plan->enqueue, entry.participant), host.place);
  enqueued(world, id);
  wake_lane(world, id, at(entry.run->plan->nodes, node).task->lane);
  wake_host(world, id);
}

}  // namespace pipedit::simulator
