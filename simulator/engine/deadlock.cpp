#include "simulator/engine/deadlock.h"

#include <algorithm>
#include <string>

#include "core/error.h"

namespace pipedit::simulator {

namespace {

std::string name_of(const World& world, const Run& run, int node) {
  const PlannedCall& call = run.plan->call_of(node);
  const program::Segment* segment = &world.program->segment(call.segment);
  program::CallInstance instance{segment, call.segment, run.unit.bindings};
  instance.bindings.block = call.block;
  return program::task_name(run.unit, instance, at(segment->tasks, run.plan->local(node)));
}

// The first task in the rank's order that has not ended.
std::string waiting_at(const World& world, const RankState& rank) {
  for (const LogEntry& entry : rank.log)
    for (const int node : at(entry.run->plan->enqueue, entry.participant))
      if (!entry.run->task_done(node)) return name_of(world, *entry.run, node);
  return "";
}

// What an actor's next unit cannot be without.
std::string missing(const World& world, std::size_t actor) {
  const program::Unit& next = *world.actors[actor].next->unit;
  if (next.hand_to) return "a latent slot of " + world.program->actors[index(*next.hand_to)].name;
  if (next.helpers) return world.program->actors[index(*next.helpers)].name + " to be idle";
  return "its unit before";
}

bool all_done(const World& world) {
  const auto idle = [](const ActorState& actor) {
    return !actor.next && actor.position == actor.log.size() && actor.latents.empty();
  };
  const auto finished = [](const Run& run) { return run.finished; };
  return world.next_request == world.program->request_shapes.size() &&
         std::all_of(world.actors.begin(), world.actors.end(), idle) &&
         std::all_of(world.runs.begin(), world.runs.end(), finished);
}

}  // namespace

void check_all_done(const World& world) {
  if (all_done(world)) return;
  std::string message = "nothing can go on after " + std::to_string(world.now.count()) + " ns";
  for (std::size_t i = 0; i < world.ranks.size(); ++i) {
    const std::string task = waiting_at(world, world.ranks[i]);
    message += "; rank " + std::to_string(i) + (task.empty() ? " has nothing to do" : " waits at " + task);
  }
  for (std::size_t i = 0; i < world.actors.size(); ++i)
    if (world.actors[i].next) message += "; " + world.program->actors[i].name + " waits for " + missing(world, i);
  throw Error(message);
}

}  // namespace pipedit::simulator
