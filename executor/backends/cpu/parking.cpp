#include "executor/backends/cpu/parking.h"

namespace pipedit::executor {

Parking::Parking(const program::Program& program) : places_(static_cast<std::size_t>(program.ranks())) {
  for (const program::Actor& actor : program.actors) awake_ += static_cast<int>(actor.ranks.size());
}

Woken Parking::sleep(Rank rank, std::optional<TimePoint> deadline) {
  std::unique_lock lock(mutex_);
  Place& place = places_[index(rank)];
  Woken woken = Woken::signal;
  if (!place.woken) woken = wait(lock, place, deadline);
  place.woken = false;
  return woken;
}

Woken Parking::wait(std::unique_lock<std::mutex>& lock, Place& place, std::optional<TimePoint> deadline) {
  place.asleep = true;
  --awake_;
  with_deadline_ += deadline.has_value();
  Woken woken = Woken::signal;
  const auto due = [&] { return place.woken || stalled(); };
  if (!deadline) {
    place.signal.wait(lock, due);
    if (!place.woken) woken = Woken::stalled;
  } else if (!place.signal.wait_until(lock, *deadline, due)) {
    woken = Woken::deadline;
  }
  with_deadline_ -= deadline.has_value();
  if (place.asleep) ++awake_;
  place.asleep = false;
  return woken;
}

void Parking::wake_locked(Place& place) {
  if (place.asleep) ++awake_;
  place.asleep = false;
  place.woken = true;
  place.signal.notify_one();
}

void Parking::wake(Rank rank) {
  const std::lock_guard lock(mutex_);
  wake_locked(places_[index(rank)]);
}

void Parking::wake_all() {
  const std::lock_guard lock(mutex_);
  for (Place& place : places_) wake_locked(place);
}

void Parking::leave() {
  const std::lock_guard lock(mutex_);
  --awake_;
  if (!stalled()) return;
  for (Place& place : places_) place.signal.notify_one();
}

}  // namespace pipedit::executor
