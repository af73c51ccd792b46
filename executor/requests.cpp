#include "executor/requests.h"

namespace pipedit::executor {

using namespace program;

RequestQueue::RequestQueue(const Program& program) : program_(&program), idle_since_(program.actors.size()) {
  for (std::size_t actor = 0; actor < program.actors.size(); ++actor)
    if (program.actors[actor].source == Source::queue) idle_since_[actor] = Nanos{0};
}

void RequestQueue::wait(ActorId actor, Nanos since) {
  if (!idle_since_[index(actor)]) idle_since_[index(actor)] = since;
}

bool RequestQueue::is_first(ActorId actor) const {
  for (std::size_t other = 0; other < idle_since_.size(); ++other) {
    if (!idle_since_[other] || other == index(actor)) continue;
    if (*idle_since_[other] < *idle_since_[index(actor)]) return false;
    if (*idle_since_[other] == *idle_since_[index(actor)] && other < index(actor)) return false;
  }
  return true;
}

std::optional<Draw> RequestQueue::draw(ActorId actor, Nanos now) {
  if (empty() || program_->arrivals[next_] > now || !is_first(actor)) return std::nullopt;
  idle_since_[index(actor)].reset();
  return Draw{.request = RequestId{static_cast<int>(next_++)}, .latent_slot = 0};
}

std::optional<Nanos> RequestQueue::next_arrival() const {
  if (empty()) return std::nullopt;
  return program_->arrivals[next_];
}

std::optional<int> LatentSlots::reserve(RankQueues& asking) {
  for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
    Slot& candidate = slots_[slot];
    if (candidate.taken && !(candidate.until && asking.reached(candidate.until->complete()))) continue;
    candidate = {.taken = true, .until = nullptr};
    ++on_the_way_;
    return static_cast<int>(slot);
  }
  return std::nullopt;
}

void LatentSlots::publish(int slot, RequestId request) {
  --on_the_way_;
  waiting_.push_back({.request = request, .latent_slot = slot});
}

std::optional<Draw> LatentSlots::draw() {
  if (waiting_.empty()) return std::nullopt;
  const Draw drawn = waiting_.front();
  waiting_.pop_front();
  return drawn;
}

void LatentSlots::free_after(int slot, std::shared_ptr<const UnitRun> last) {
  slots_[static_cast<std::size_t>(slot)].until = std::move(last);
}

}  // namespace pipedit::executor
