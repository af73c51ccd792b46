#include "executor/decider.h"

namespace pipedit::executor {

using namespace program;

Decider::Decider(const Run& run, ActorId actor, Walker& walker)
    : run_(run),
      actor_(actor),
      walker_(walker),
      queues_(run.session.queues(run.program.actors[index(actor)].ranks.front())) {}

void Decider::run() {
  ScriptCursor cursor(run_.program, actor_);
  while (const auto drawn = draw()) {
    cursor.begin(drawn->request, drawn->latent_slot);
    while (const auto unit = cursor.next()) append(*unit);
    if (run_.program.actors[index(actor_)].source == Source::latents)
      run_.coordinator.free_after(actor_, drawn->latent_slot, walker_.last());
  }
  run_.coordinator.close(actor_);
  walker_.finish();
}

// While it is parked here, ranks of its actor may be lent: then the log grows.
std::optional<Draw> Decider::draw() {
  if (walker_.last()) walker_.wait(walker_.last()->finished());
  run_.coordinator.park(actor_, run_.session.now());
  for (;;) {
    walker_.catch_up();
    const auto arrival = run_.coordinator.next_arrival(actor_, run_.session.now());
    std::optional<Draw> drawn;
    bool over = false;
    const auto ready = [&] {
      drawn = run_.coordinator.draw(actor_, run_.session.now());
      over = !drawn && run_.coordinator.exhausted(actor_);
      return drawn || over || walker_.behind() || run_.coordinator.next_arrival(actor_, run_.session.now()) != arrival;
    };
    queues_.wait_until(ready, arrival);
    if (drawn || (over && !walker_.behind())) return drawn;
  }
}

int Decider::reserve_slot(ActorId receiver) {
  std::optional<int> slot;
  queues_.wait_until([&] { return (slot = run_.coordinator.reserve(receiver, queues_)).has_value(); });
  return *slot;
}

void Decider::append(UnitInstance unit) {
  if (unit.unit->helpers && walker_.last()) walker_.wait(walker_.last()->finished());
  if (unit.unit->hand_to) unit.bindings.latent_slot = reserve_slot(*unit.unit->hand_to);
  run_.coordinator.append(unit);
  walker_.catch_up();
  if (!unit.unit->hand_to) return;
  walker_.wait(walker_.last()->complete());
  run_.coordinator.publish(*unit.unit->hand_to, unit);
}

}  // namespace pipedit::executor
