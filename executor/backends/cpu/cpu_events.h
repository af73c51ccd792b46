#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "executor/backend.h"

namespace pipedit::executor {

// Counters that know who has to be woken. Sequentially consistent: the asker announces itself and then looks again, the
// marker counts down and then looks who asked, so one of the two sees the other.
class CpuEvents : public EventBlock {
 public:
  explicit CpuEvents(std::span<const int> counts);
  bool is_set(int event) const { return events_[static_cast<std::size_t>(event)].left.load() == 0; }
  bool is_set_or_wake(int event, Rank);  // if not set, the mark that sets it will name the rank
  std::uint64_t mark(int event);         // whom to wake: by rank, a bit

 private:
  struct Counter {
    std::atomic<int> left;
    std::atomic<std::uint64_t> asking;  // by rank, a bit
  };
  std::vector<Counter> events_;
};

inline constexpr int kMaxCpuRanks = 64;

inline CpuEvents& cpu_events(Event event) { return static_cast<CpuEvents&>(*event.block); }

}  // namespace pipedit::executor
