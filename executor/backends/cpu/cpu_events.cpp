#include "executor/backends/cpu/cpu_events.h"

namespace pipedit::executor {

CpuEvents::CpuEvents(std::span<const int> counts) : events_(counts.size()) {
  for (std::size_t i = 0; i < counts.size(); ++i) events_[i].left = counts[i];
}

bool CpuEvents::is_set_or_wake(int event, Rank rank) {
  if (is_set(event)) return true;
  events_[static_cast<std::size_t>(event)].asking.fetch_or(std::uint64_t{1} << index(rank));
  return is_set(event);
}

std::uint64_t CpuEvents::mark(int event) {
  Counter& counter = events_[static_cast<std::size_t>(event)];
  return counter.left.fetch_sub(1) == 1 ? counter.asking.exchange(0) : 0;
}

}  // namespace pipedit::executor
