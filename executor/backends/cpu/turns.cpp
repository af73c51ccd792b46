#include "executor/backends/cpu/turns.h"

#include <algorithm>
#include <numeric>

#include <unistd.h>

#include "program/program.h"

namespace pipedit::executor {

Turns::Turns(SlotCpus cpus) : cpus_(std::move(cpus)), free_(static_cast<std::size_t>(cpus_.slots())) {
  std::iota(free_.begin(), free_.end(), 0);
}

// Preferably where the thread is already.
int Turns::take_free() {
  const auto here = std::find(free_.begin(), free_.end(), cpus_.slot_here());
  const auto taken = here != free_.end() ? here : std::prev(free_.end());
  const int slot = *taken;
  free_.erase(taken);
  return slot;
}

int Turns::take() {
  std::unique_lock lock(mutex_);
  if (!free_.empty()) {
    const int slot = take_free();
    lock.unlock();
    cpus_.bind(::gettid(), slot);
    return slot;
  }
  Waiting waiting{.signal = {}, .thread = ::gettid()};
  line_.push_back(&waiting);
  waiting.signal.wait(lock, [&] { return waiting.slot >= 0; });
  return waiting.slot;
}

// Handed straight to the first in line, so that nobody can push in; bound while it sleeps, so that it wakes up there.
void Turns::give(int slot) {
  cpus_.release(::gettid());
  const std::lock_guard lock(mutex_);
  if (line_.empty()) {
    free_.push_back(slot);
    return;
  }
  Waiting* next = line_.front();
  line_.pop_front();
  cpus_.bind(next->thread, slot);
  next->slot = slot;
  next->signal.notify_one();
}

bool Turns::is_over(std::chrono::steady_clock::time_point begin) const {
  if (std::chrono::steady_clock::now() - begin < program::kCpuTurn) return false;
  const std::lock_guard lock(mutex_);
  return !line_.empty();
}

}  // namespace pipedit::executor
