#include "simulator/engine/draws.h"

#include <algorithm>
#include <tuple>

#include "simulator/engine/actors.h"

namespace pipedit::simulator {

namespace {

void begin_request(World& world, ActorId id, RequestId request, int slot) {
  ActorState& actor = world.actor(id);
  actor.cursor.begin(request, slot);
  actor.next = actor.cursor.next();
  actor.idle_since = Nanos{-1};
  world.actors_dirty = true;
}

bool draw_latent(World& world, ActorId id) {
  ActorState& actor = world.actor(id);
  if (actor.latents.empty()) return false;
  const Latent latent = actor.latents.front();
  actor.latents.pop_front();
  begin_request(world, id, latent.request, latent.slot);
  return true;
}

bool draw_request(World& world, ActorId id) {
  if (world.next_request == world.program->request_shapes.size()) return false;
  const std::size_t request = world.next_request;
  if (world.program->arrivals[request] > world.now) {
    if (world.next_wake < world.program->arrivals[request]) {
      world.next_wake = world.program->arrivals[request];
      world.agenda.add({.time = world.next_wake, .kind = EventKind::wake});
    }
    return false;
  }
  ++world.next_request;
  world.recorder.drawn[request] = world.now;
  begin_request(world, id, RequestId{static_cast<int>(request)}, 0);
  return true;
}

}  // namespace

bool draw(World& world) {
  std::vector<std::pair<Nanos, ActorId>> waiting;
  for (std::size_t i = 0; i < world.actors.size(); ++i) {
    const ActorId id{static_cast<int>(i)};
    ActorState& actor = world.actors[i];
    if (!parked(world, actor, id)) continue;
    if (actor.idle_since < Nanos{0}) actor.idle_since = world.now;
    waiting.emplace_back(actor.idle_since, id);
  }
  std::sort(waiting.begin(), waiting.end());
  bool any = false;
  for (const auto& [since, id] : waiting)
    any = (world.program->actors[index(id)].source == program::Source::queue ? draw_request(world, id)
                                                                             : draw_latent(world, id)) ||
          any;
  return any;
}

bool deliver(World& world) {
  std::vector<Run*> handed = std::exchange(world.handed, {});
  std::sort(handed.begin(), handed.end(), [](const Run* a, const Run* b) {
    return std::tuple(a->unit.actor, a->position) < std::tuple(b->unit.actor, b->position);
  });
  for (const Run* run : handed) {
    if (const auto& receiver = run->unit.unit->hand_to) {
      ActorState& actor = world.actor(*receiver);
      --actor.on_the_way;
      actor.latents.push_back({run->unit.bindings.request, run->unit.bindings.latent_slot});
    }
    ActorState& own = world.actor(run->unit.actor);
    if (run->last_of_request && !own.slots.empty()) at(own.slots, run->unit.bindings.latent_slot) = false;
  }
  return !handed.empty();
}

bool take_slot(World& world, ActorState& sender) {
  ActorState& receiver = world.actor(*sender.next->unit->hand_to);
  const auto free = std::find(receiver.slots.begin(), receiver.slots.end(), false);
  if (free == receiver.slots.end()) return false;
  *free = true;
  ++receiver.on_the_way;
  sender.next->bindings.latent_slot = static_cast<int>(free - receiver.slots.begin());
  return true;
}

}  // namespace pipedit::simulator
