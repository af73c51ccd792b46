#include "simulator/engine/completion.h"

#include "simulator/engine/hosts.h"
#include "simulator/engine/lanes.h"

namespace pipedit::simulator {

using program::Lane;

namespace {

void release_outer(World& world, Run& run, int node) {
  const UnitPlan& plan = *run.plan;
  for (const auto& [waiting, target] : plan.inner_tails)
    if (target == node) release(world, run, waiting);
  std::erase_if(run.waiters, [&](const OuterWait& wait) {
    if (wait.target_node != node) return false;
    if (wait.target->started) release(world, *wait.target, wait.node);
    return true;
  });
}

}  // namespace

void release(World& world, Run& run, int node) {
  if (--at(run.state->pending, node) != 0) return;
  const TaskFacts* task = at(run.plan->nodes, node).task;
  if (task == nullptr) return complete(world, run, node);
  wake_lane(world, task->rank, task->lane);
}

void complete(World& world, Run& run, int node) {
  at(run.state->end, node) = world.now;
  const PlannedNode& planned = at(run.plan->nodes, node);
  const PlannedCall& call = at(run.plan->calls, planned.call);
  for (const int successor : call.graph->successors[static_cast<std::size_t>(node - call.first_node)])
    release(world, run, call.first_node + successor);
  if (planned.task == nullptr) return;
  if (planned.tails || !run.waiters.empty()) release_outer(world, run, node);
  RankState& rank = world.rank(planned.task->rank);
  LaneState& lane = at(rank.lanes, planned.task->lane);
  lane.running = false;
  ++lane.next;
  if (planned.task->exchange < 0) rank.thread_busy = false;
  wake_lane(world, planned.task->rank, planned.task->lane);
  run.end = world.now;
  rank.writers_left -= planned.task->lane == Lane::writer ? 1 : 0;
  if (in_drain(planned.task->lane)) drain(world, run, planned.participant, 1);
  if (in_barrier(planned.task->lane) && --run.barrier_left == 0) world.actors_dirty = true;
  if (--run.left == 0) finish(world, run);
}

void drain(World& world, Run& run, int participant, int tasks) {
  const auto p = static_cast<std::size_t>(participant);
  const int id = run.plan->ranks[p];
  RankState& rank = world.rank(id);
  rank.log[static_cast<std::size_t>(run.entry[p])].drain_left -= tasks;
  const int before = rank.first_open;
  while (!rank.drained() && at(rank.log, rank.first_open).drain_left == 0) ++rank.first_open;
  if (rank.first_open == before) return;
  world.actors_dirty = true;
  wake_host(world, id);
}

void finish(World& world, Run& run) {
  run.history = world.recorder.history(run);
  world.recorder.occurrence(run);
  run.finished = true;
  if (run.done) run.state.reset();
  if (run.unit.unit->hand_to || run.last_of_request) world.handed.push_back(&run);
  world.actors_dirty = true;
}

}  // namespace pipedit::simulator
