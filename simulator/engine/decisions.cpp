#include "simulator/engine/decisions.h"

#include "core/error.h"
#include "simulator/engine/actors.h"
#include "simulator/engine/log.h"

namespace pipedit::simulator {

namespace {

std::optional<int> replayed(const ActorState& actor, const program::Unit& unit) {
  if (unit.kind != program::UnitKind::step || actor.steps >= actor.replay.size()) return std::nullopt;
  const int alternative = actor.replay[actor.steps];
  if (alternative < 0 || alternative >= static_cast<int>(unit.alternatives.size()))
    throw InputError("decision " + std::to_string(actor.steps) + ": the program has no alternative " +
                     std::to_string(alternative));
  return alternative;
}

}  // namespace

bool decide_alternative(World& world, ActorId id) {
  ActorState& actor = world.actor(id);
  const program::Unit& unit = *actor.next->unit;
  const bool free = unit.helpers && idle(world, *unit.helpers);
  const std::optional<int> given = replayed(actor, unit);
  const int alternative = given.value_or(free ? 1 : 0);
  // Measured helpers were idle here; so they will be in a moment, and their log gets the same order.
  if (alternative > 0 && !free) return false;
  if (alternative > 0) world.actor(*unit.helpers).lent_to = static_cast<int>(id);

  append_next(world, id, {.alternative = alternative, .drain_first = true});
  return true;
}

}  // namespace pipedit::simulator
