#include "executor/backends/cuda/stream_log.h"

#include <chrono>

#include <fmt/format.h>

#include "core/error.h"
#include "executor/backends/cuda/check.h"
#include "executor/unit_run.h"

namespace pipedit::executor {

namespace {

constexpr Nanos kLongAgo{500'000'000};  // a float of that many milliseconds still tells 30 ns apart

void fill_in(const Enqueued& entry, DeviceClock& clock) {
  if (entry.times != nullptr) entry.times->start = clock.time_of(entry.start);
  if (entry.times == nullptr && entry.ends == nullptr) return;
  const Nanos end = clock.time_of(entry.end);
  if (entry.times != nullptr) entry.times->end = end;
  if (entry.ends != nullptr) entry.ends->end = end;
}

}  // namespace

Nanos DeviceClock::time_of(const StreamPoint& point) {
  float milliseconds = 0;
  check(cudaEventElapsedTime(&milliseconds, anchor_.get(), point.get()));
  const Nanos time =
      time_ + std::chrono::round<Nanos>(std::chrono::duration<double, std::milli>(static_cast<double>(milliseconds)));
  if (time - time_ > kLongAgo) {
    anchor_ = point;
    time_ = time;
  }
  return time;
}

void StreamLog::settle(DeviceClock& clock) {
  while (!entries_.empty()) {
    const Enqueued& first = entries_.front();
    try {
      if (!reached(first.end)) return;
      fill_in(first, clock);
    } catch (Error& error) {
      if (first.unit && first.call >= 0) error.add_context("at or after " + first.unit->name(first.call, first.task));
      throw;
    }
    entries_.pop_front();
  }
}

}  // namespace pipedit::executor
