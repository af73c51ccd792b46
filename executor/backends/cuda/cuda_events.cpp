#include "executor/backends/cuda/cuda_events.h"

#include <algorithm>
#include <bit>

#include "executor/backends/cuda/check.h"

namespace pipedit::executor {

namespace {

// A device that failed gets nowhere: whoever waits for its stream says what failed, and where.
bool is_behind(const StreamPoint& point) {
  if (cudaEventQuery(point.get()) == cudaSuccess) return true;
  cudaGetLastError();
  return false;
}

}  // namespace

CudaEvents::CudaEvents(std::span<const int> counts, Parking& parking) : entries_(counts.size()), parking_(&parking) {
  std::size_t first = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    entries_[i].left = entries_[i].count = counts[i];
    entries_[i].first = first;
    first += static_cast<std::size_t>(counts[i]);
  }
  marks_.resize(first);
}

void CudaEvents::mark(int event, Mark mark) {
  Entry& entry = entries_[static_cast<std::size_t>(event)];
  marks_[entry.first + static_cast<std::size_t>(entry.next.fetch_add(1))] = std::move(mark);
  if (entry.left.fetch_sub(1) != 1) return;
  for (std::uint64_t asking = entry.asking.exchange(0); asking != 0; asking &= asking - 1)
    parking_->wake(Rank{std::countr_zero(asking)});
}

bool CudaEvents::recorded_or_wake(int event, Rank rank) {
  if (recorded(event)) return true;
  entries_[static_cast<std::size_t>(event)].asking.fetch_or(std::uint64_t{1} << index(rank));
  return recorded(event);
}

bool CudaEvents::reached(int event) {
  Entry& entry = entries_[static_cast<std::size_t>(event)];
  if (entry.reached.load()) return true;
  if (!recorded(event)) return false;
  for (const Mark& mark : marks_of(entry))
    if (mark.point && !is_behind(mark.point)) return false;
  entry.reached = true;
  return true;
}

// A stream's marks stand in its order, so the last of each stream is enough, and none of the stream's own.
void CudaEvents::wait(int event, cudaStream_t stream) {
  const Entry& entry = entries_[static_cast<std::size_t>(event)];
  if (entry.reached.load()) return;
  const std::span<const Mark> marks = marks_of(entry);
  for (auto mark = marks.begin(); mark != marks.end(); ++mark) {
    const auto same_stream = [&](const Mark& later) { return later.point && later.stream == mark->stream; };
    if (!mark->point || mark->stream == stream || std::any_of(mark + 1, marks.end(), same_stream)) continue;
    check(cudaStreamWaitEvent(stream, mark->point.get(), 0));
  }
}

}  // namespace pipedit::executor
