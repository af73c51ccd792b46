#include "simulator/engine/actors.h"

#include <algorithm>

#include "simulator/engine/completion.h"
#include "simulator/engine/decisions.h"
#include "simulator/engine/draws.h"
#include "simulator/engine/hosts.h"
#include "simulator/engine/lanes.h"
#include "simulator/engine/log.h"
#include "simulator/engine/memo.h"

namespace pipedit::simulator {

namespace {

ActorId id_of(std::size_t actor) { return ActorId{static_cast<int>(actor)}; }

bool decides(const program::UnitInstance& unit) { return unit.unit->alternatives.size() > 1; }

// The barrier behind the running unit falls.
bool close(World& world, ActorState& actor) {
  Run* run = actor.current;
  if (run == nullptr || run->barrier_left != 0) return false;
  run->done = true;
  actor.current = nullptr;
  ++actor.position;
  if (world.memo != nullptr) note_step(*world.memo, world, *run);
  if (run->finished) run->state.reset();
  for (ActorState& other : world.actors)
    if (run->unit.alternative > 0 && other.lent_to == static_cast<int>(run->unit.actor)) other.lent_to = -1;
  for (const int rank : run->plan->ranks) wake_host(world, rank);
  return true;
}

void start(World& world, Run& run) {
  mark_started(world, run);
  if (world.memo != nullptr && reuse(*world.memo, world, run)) return;
  const UnitPlan& plan = *run.plan;
  run.state = std::make_unique<RunState>();
  run.state->pending = plan.pending;
  run.state->start.assign(plan.nodes.size(), Nanos{-1});
  run.state->end.assign(plan.nodes.size(), Nanos{-1});
  run.state->arrived.assign(static_cast<std::size_t>(plan.exchanges), 0);
  for (const OuterWait& wait : run.waits) {
    if (wait.target->task_done(wait.target_node)) continue;
    ++at(run.state->pending, wait.node);
    wait.target->waiters.push_back({wait.node, &run, wait.target_node});
  }
  for (const int rank : plan.ranks)
    for (int lane = 0; lane < program::kLanes; ++lane) wake_lane(world, rank, static_cast<program::Lane>(lane));
  if (run.left == 0) finish(world, run);
}

// Brings the next unit into the log at its barrier, where that was not done before.
bool append_at_barrier(World& world, ActorId id) {
  ActorState& actor = world.actor(id);
  if (!actor.next) return false;
  if (decides(*actor.next)) return decide_alternative(world, id);
  if (actor.next->unit->hand_to) return false;  // the first rank's host, or the slot that comes free, does it
  append_next(world, id, {.alternative = 0, .drain_first = false});
  return true;
}

bool open(World& world, ActorId id) {
  ActorState& actor = world.actor(id);
  if (actor.current != nullptr) return false;
  if (actor.position == actor.log.size() && !append_at_barrier(world, id)) return false;
  actor.current = actor.log[actor.position];
  start(world, *actor.current);
  return true;
}

// A sender that found no slot tries again.
bool retry_hand(World& world, ActorId id) {
  ActorState& actor = world.actor(id);
  if (!actor.hand_blocked || !take_slot(world, actor)) return false;
  actor.hand_blocked = false;
  append_next(world, id, {.alternative = 0, .drain_first = true});
  return true;
}

}  // namespace

void mark_started(World& world, Run& run) {
  run.started = true;
  run.start = run.end = world.now;
  world.actors_dirty = true;
}

void extend(World& world, int rank) {
  const ActorId id{world.rank(rank).actor};
  ActorState& actor = world.actor(id);
  if (!actor.next || decides(*actor.next)) return;
  if (actor.next->unit->hand_to) {
    const bool first = world.program->actors[index(id)].ranks.front() == Rank{rank};
    if (!first || actor.hand_blocked) return;
    actor.hand_blocked = !take_slot(world, actor);
    if (actor.hand_blocked) return;
  }
  append_next(world, id, {.alternative = 0, .drain_first = false});
}

bool decide(World& world) {
  if (!std::exchange(world.actors_dirty, false)) return false;
  bool any = false;
  for (ActorState& actor : world.actors) any = close(world, actor) || any;
  any = deliver(world) || any;
  any = draw(world) || any;
  for (std::size_t i = 0; i < world.actors.size(); ++i) any = retry_hand(world, id_of(i)) || any;
  for (std::size_t i = 0; i < world.actors.size(); ++i) any = open(world, id_of(i)) || any;
  world.actors_dirty = world.actors_dirty || any;
  return any;
}

bool parked(const World& world, const ActorState& actor, ActorId id) {
  if (actor.next || actor.current != nullptr || actor.position < actor.log.size() || actor.lent_to >= 0) return false;
  const std::vector<Rank>& ranks = world.program->actors[index(id)].ranks;
  return std::all_of(ranks.begin(), ranks.end(), [&](Rank rank) { return world.ranks[index(rank)].drained(); });
}

bool idle(const World& world, ActorId id) {
  const ActorState& actor = world.actors[index(id)];
  return world.program->actors[index(id)].source == program::Source::latents && actor.latents.empty() &&
         actor.on_the_way == 0 && parked(world, actor, id);
}

}  // namespace pipedit::simulator
