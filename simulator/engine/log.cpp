#include "simulator/engine/log.h"

#include "simulator/engine/completion.h"
#include "simulator/engine/hosts.h"

namespace pipedit::simulator {

namespace {

const UnitPlan& plan_of(World& world, const program::UnitInstance& unit) {
  const auto key = std::pair(unit.unit, unit.alternative);
  const auto known = world.plans.find(key);
  if (known != world.plans.end()) return known->second;
  return world.plans.emplace(key, plan_unit(*world.program, world.graphs, unit)).first->second;
}

// The last task on the lane in the units before log entry `before`, if it is not done.
OuterWait tail_before(const RankState& rank, program::Lane lane, int before) {
  for (int entry = before - 1; entry >= 0; --entry) {
    const LogEntry& log = at(rank.log, entry);
    const std::vector<int>& tasks = at(at(log.run->plan->lanes, log.participant), lane);
    if (tasks.empty()) continue;
    if (log.run->task_done(tasks.back())) return {};
    return {.node = -1, .target = log.run, .target_node = tasks.back()};
  }
  return {};
}

void find_tails(World& world, Run& run) {
  for (const NodeTail& tail : run.plan->outer_tails) {
    const RankState& rank = world.rank(tail.rank);
    const std::optional<int> participant = run.plan->participant(tail.rank);
    const int before =
        participant ? run.entry[static_cast<std::size_t>(*participant)] : static_cast<int>(rank.log.size());
    OuterWait wait = tail_before(rank, tail.lane, before);
    wait.node = tail.node;
    if (wait.target != nullptr) run.waits.push_back(wait);
  }
}

void append_to_ranks(World& world, Run& run, bool drain_first) {
  for (std::size_t p = 0; p < run.plan->ranks.size(); ++p) {
    const int id = run.plan->ranks[p];
    RankState& rank = world.rank(id);
    run.entry.push_back(static_cast<int>(rank.log.size()));
    rank.log.push_back({&run, static_cast<int>(p), run.plan->drain[p], drain_first});
    rank.writers_left += static_cast<int>(run.plan->lanes[p][static_cast<std::size_t>(program::Lane::writer)].size());
    wake_host(world, id);
  }
}

}  // namespace

void append_next(World& world, ActorId id, Appended how) {
  ActorState& actor = world.actor(id);
  Run& run = world.runs.emplace_back();
  run.unit = *actor.next;
  run.unit.alternative = how.alternative;
  actor.steps += run.unit.unit->kind == program::UnitKind::step ? 1 : 0;
  actor.next = actor.cursor.next();
  run.last_of_request = !actor.next;
  run.plan = &plan_of(world, run.unit);
  run.barrier_left = run.plan->barrier_tasks;
  run.left = run.plan->tasks;
  run.position = actor.log.size();
  run.appended = world.now;
  append_to_ranks(world, run, how.drain_first);
  find_tails(world, run);
  actor.log.push_back(&run);
  for (const int rank : run.plan->ranks) drain(world, run, *run.plan->participant(rank), 0);
}

}  // namespace pipedit::simulator
