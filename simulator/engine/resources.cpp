#include "simulator/engine/resources.h"

#include <algorithm>

#include "simulator/engine/actors.h"
#include "simulator/engine/links.h"

namespace pipedit::simulator {

namespace {

bool meet(const std::vector<bool>& a, const std::vector<bool>& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] && b[i]) return true;
  return false;
}

// Nothing to do, and no request will come any more.
bool finished(const World& world, ActorId id) {
  return world.program->actors[index(id)].source == program::Source::queue &&
         world.next_request == world.program->request_shapes.size() && parked(world, world.actors[index(id)], id);
}

bool gives_work_to(const World& world, std::size_t giver, ActorId receiver) {
  for (const auto& script : world.program->actors[giver].scripts)
    for (const program::Unit& unit : script)
      if (unit.hand_to == receiver || unit.helpers == receiver) return true;
  return false;
}

// Parked where only `awake` can wake it, or lent to it.
bool asleep(const World& world, ActorId id, ActorId awake) {
  const ActorState& actor = world.actors[index(id)];
  const bool lent = actor.lent_to == static_cast<int>(awake);
  return (lent || idle(world, id)) && only_giver(world, awake, id);
}

// On a CPU frames are written by a rank's one thread.
bool writes_on_cpu(const World& world, const std::vector<bool>& resources) {
  return std::any_of(world.ranks.begin(), world.ranks.end(), [&](const RankState& rank) {
    return rank.cpu && rank.writers_left > 0 && at(resources, rank.device);
  });
}

}  // namespace

bool only_giver(const World& world, ActorId giver, ActorId receiver) {
  for (std::size_t actor = 0; actor < world.actors.size(); ++actor) {
    const ActorId other{static_cast<int>(actor)};
    if (other != giver && gives_work_to(world, actor, receiver) && !finished(world, other)) return false;
  }
  return true;
}

bool Resources::untouched(World& world, const Run& run) {
  const Set& own = of_unit(world, *run.plan);
  if (writes_on_cpu(world, own)) return false;
  for (std::size_t actor = 0; actor < world.actors.size(); ++actor) {
    const ActorId id{static_cast<int>(actor)};
    if (id == run.unit.actor || !meet(own, of_actor(world, actor))) continue;
    if (!finished(world, id) && !asleep(world, id, run.unit.actor)) return false;
  }
  return true;
}

Resources::Set Resources::empty(const World& world) const {
  return Set(world.devices.size() + world.links.capacity.size(), false);
}

void Resources::add(World& world, Set& set, const SegmentGraph& graph) const {
  for (const TaskFacts& task : graph.tasks) set[static_cast<std::size_t>(world.rank(task.rank).device)] = true;
  for (const PartFacts& part : graph.parts) {
    at(set, part.from_device) = at(set, part.to_device) = true;
    if (part.route == nullptr) continue;
    for (const Direction direction : part.route->path)
      set[world.devices.size() + static_cast<std::size_t>(direction)] = true;
  }
}

void Resources::add_ranks(const World& world, Set& set, const std::vector<Rank>& ranks) const {
  for (const Rank rank : ranks) set[static_cast<std::size_t>(world.ranks[index(rank)].device)] = true;
}

const Resources::Set& Resources::of_unit(World& world, const UnitPlan& plan) {
  const auto [entry, added] = units_.try_emplace(&plan);
  if (!added) return entry->second;
  Set& set = entry->second = empty(world);
  for (const int rank : plan.ranks) at(set, world.rank(rank).device) = true;
  for (const PlannedCall& call : plan.calls)
    if (call.block <= 0) add(world, set, *call.graph);
  return set;
}

const Resources::Set& Resources::of_actor(World& world, std::size_t actor) {
  const auto [entry, added] = actors_.try_emplace(actor);
  if (!added) return entry->second;
  Set& set = entry->second = empty(world);
  add_ranks(world, set, world.program->actors[actor].ranks);
  for (const auto& script : world.program->actors[actor].scripts)
    for (const program::Unit& unit : script)
      for (const program::Alternative& alternative : unit.alternatives) {
        add_ranks(world, set, alternative.lent);
        for (const program::Call& call : alternative.calls) add(world, set, world.graphs[index(call.segment)]);
      }
  return set;
}

}  // namespace pipedit::simulator
