#include "cli/machine/memory_watch.h"

#include <algorithm>
#include <utility>

namespace pipedit::cli {

MemoryWatch::MemoryWatch(std::function<std::vector<Bytes>()> held, Nanos between)
    : held_(std::move(held)),
      between_(between),
      before_(held_()),
      most_(before_),
      thread_([this](const std::stop_token& stop) { watch(stop); }) {}

Bytes MemoryWatch::most(int device) const {
  const std::scoped_lock lock(mutex_);
  const auto at = static_cast<std::size_t>(device);
  return at < most_.size() ? most_[at] - before_[at] : Bytes{};
}

void MemoryWatch::watch(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stopped_.wait_for(lock, stop, between_, [&] { return stop.stop_requested(); })) look();
}

void MemoryWatch::look() {
  const std::vector<Bytes> now = held_();
  for (std::size_t i = 0; i < std::min(now.size(), most_.size()); ++i) most_[i] = std::max(most_[i], now[i]);
}

}  // namespace pipedit::cli
