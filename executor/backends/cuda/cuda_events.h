#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "executor/backend.h"
#include "executor/backends/cpu/parking.h"
#include "executor/backends/cuda/event_pool.h"

namespace pipedit::executor {

// One marking of an event: a point in a stream, or, without one, something that a host did.
struct Mark {
  StreamPoint point;
  cudaStream_t stream = nullptr;
};

// Events in two stages. Recorded: marked as often as the count says, so that streams can be told to wait for the marks.
// Reached: the devices got to all of them. Whoever asks announces itself and looks again, and whoever marks counts down
// and then looks who asked, so one of the two sees the other.
class CudaEvents : public EventBlock {
 public:
  CudaEvents(std::span<const int> counts, Parking&);

  void mark(int event, Mark);
  bool recorded(int event) const { return entries_[static_cast<std::size_t>(event)].left.load() == 0; }
  bool recorded_or_wake(int event, Rank);  // if not, its last marking will wake the rank
  bool reached(int event);

  // What the stream gets from now on waits for all marks of a recorded event.
  void wait(int event, cudaStream_t);

 private:
  struct Entry {
    std::atomic<int> left, next;
    std::atomic<std::uint64_t> asking;  // by rank, a bit
    std::atomic<bool> reached;
    std::size_t first = 0;  // of its marks
    int count = 0;
  };
  std::span<const Mark> marks_of(const Entry& entry) const {
    return std::span(marks_).subspan(entry.first, static_cast<std::size_t>(entry.count));
  }

  std::vector<Entry> entries_;
  std::vector<Mark> marks_;
  Parking* parking_;
};

inline constexpr int kMaxCudaRanks = 64;

inline CudaEvents& cuda_events(Event event) { return static_cast<CudaEvents&>(*event.block); }

}  // namespace pipedit::executor
