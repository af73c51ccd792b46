#include "executor/coordinator.h"

#include <algorithm>

namespace pipedit::executor {

using namespace program;

namespace {

bool hands_to(const Actor& actor, ActorId receiver) {
  for (const auto& script : actor.scripts)
    for (const Unit& unit : script)
      if (unit.hand_to == receiver) return true;
  return false;
}

std::vector<std::vector<ActorId>> feeders_of(const Program& program) {
  std::vector<std::vector<ActorId>> feeders(program.actors.size());
  for (std::size_t receiver = 0; receiver < feeders.size(); ++receiver)
    for (std::size_t actor = 0; actor < feeders.size(); ++actor)
      if (hands_to(program.actors[actor], ActorId{static_cast<int>(receiver)}))
        feeders[receiver].push_back(ActorId{static_cast<int>(actor)});
  return feeders;
}

}  // namespace

// Everybody is parked from the start, so that the first decision does not depend on which thread starts first.
Coordinator::Coordinator(const Program& program, const std::vector<SegmentTable>& tables, Session& session)
    : program_(&program),
      session_(&session),
      log_(program, tables, session),
      queue_(program),
      closed_(program.actors.size(), false),
      parked_(program.actors.size(), true),
      feeders_(feeders_of(program)),
      drawn_(program.request_shapes.size(), Nanos{0}) {
  for (const Actor& actor : program.actors) slots_.emplace_back(actor.latent_slots);
}

bool Coordinator::idle(ActorId actor) const {
  return parked_[index(actor)] && slots_[index(actor)].idle() && log_.all_finished(actor);
}

void Coordinator::append(UnitInstance unit) {
  {
    const std::lock_guard lock(mutex_);
    std::optional<ActorId> helpers;
    if (unit.unit->helpers && unit.unit->alternatives.size() > 1 && idle(*unit.unit->helpers)) {
      helpers = unit.unit->helpers;
      unit.alternative = 1;
    }
    log_.append(unit, helpers);
  }
  session_->notify();
}

void Coordinator::close(ActorId actor) {
  {
    const std::lock_guard lock(mutex_);
    closed_[index(actor)] = true;
  }
  session_->notify();
}

std::size_t Coordinator::size(ActorId actor) const {
  const std::lock_guard lock(mutex_);
  return log_.size(actor);
}

bool Coordinator::closed(ActorId actor) const {
  const std::lock_guard lock(mutex_);
  return closed_[index(actor)];
}

std::shared_ptr<const UnitRun> Coordinator::entry(ActorId actor, std::size_t position) const {
  const std::lock_guard lock(mutex_);
  return log_.entry(actor, position);
}

void Coordinator::park(ActorId actor, Nanos since) {
  {
    const std::lock_guard lock(mutex_);
    parked_[index(actor)] = true;
    if (program_->actors[index(actor)].source == Source::queue) queue_.wait(actor, since);
  }
  session_->notify();
}

std::optional<Draw> Coordinator::draw(ActorId actor, Nanos now) {
  std::optional<Draw> drawn;
  {
    const std::lock_guard lock(mutex_);
    const bool from_queue = program_->actors[index(actor)].source == Source::queue;
    drawn = from_queue ? queue_.draw(actor, now) : slots_[index(actor)].draw();
    if (!drawn) return drawn;
    parked_[index(actor)] = false;
    if (from_queue) drawn_[index(drawn->request)] = now;
  }
  session_->notify();
  return drawn;
}

bool Coordinator::exhausted(ActorId actor) const {
  const std::lock_guard lock(mutex_);
  if (program_->actors[index(actor)].source == Source::queue) return queue_.empty();
  const auto& feeders = feeders_[index(actor)];
  return slots_[index(actor)].idle() &&
         std::all_of(feeders.begin(), feeders.end(), [&](ActorId feeder) { return closed_[index(feeder)]; });
}

std::optional<Nanos> Coordinator::next_arrival(ActorId actor, Nanos now) const {
  const std::lock_guard lock(mutex_);
  if (program_->actors[index(actor)].source != Source::queue) return std::nullopt;
  const auto arrival = queue_.next_arrival();
  return arrival && *arrival > now ? arrival : std::nullopt;
}

std::optional<int> Coordinator::reserve(ActorId receiver, RankQueues& asking) {
  const std::lock_guard lock(mutex_);
  return slots_[index(receiver)].reserve(asking);
}

void Coordinator::publish(ActorId receiver, const UnitInstance& hand) {
  {
    const std::lock_guard lock(mutex_);
    slots_[index(receiver)].publish(hand.bindings.latent_slot, hand.bindings.request);
  }
  session_->notify();
}

void Coordinator::free_after(ActorId receiver, int slot, std::shared_ptr<const UnitRun> last) {
  {
    const std::lock_guard lock(mutex_);
    slots_[index(receiver)].free_after(slot, std::move(last));
  }
  session_->notify();
}

}  // namespace pipedit::executor
