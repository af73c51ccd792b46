#include "executor/backends/cpu/cpu_events.h"

#include <bit>

namespace pipedit::executor {

CpuEvents::CpuEvents(std::span<const int> counts, Parking& parking) : events_(counts.size()), parking_(&parking) {
  for (std::size_t i = 0; i < counts.size(); ++i) events_[i].left = counts[i];
}

bool CpuEvents::is_set_or_wake(int event, Rank rank) {
  if (is_set(event)) return true;
  events_[static_cast<std::size_t>(event)].asking.fetch_or(std::uint64_t{1} << index(rank));
  return is_set(event);
}

void CpuEvents::mark(int event) {
  Counter& counter = events_[static_cast<std::size_t>(event)];
  if (counter.left.fetch_sub(1) != 1) return;
  for (std::uint64_t asking = counter.asking.exchange(0); asking != 0; asking &= asking - 1)
    parking_->wake(Rank{std::countr_zero(asking)});
}

}  // namespace pipedit::executor
