#pragma once

#include <deque>
#include <memory>

#include "executor/backend.h"
#include "executor/backends/cuda/event_pool.h"

namespace pipedit::executor {

// When points of one device's streams were reached, on the session's clock. A device tells times as differences in
// floating-point milliseconds, so they are told from a point that is never long ago.
class DeviceClock {
 public:
  // The device reaches `anchor` at that time. Points are told in about the order in which they are reached.
  DeviceClock(StreamPoint anchor, Nanos time) : anchor_(std::move(anchor)), time_(time) {}
  Nanos time_of(const StreamPoint&);  // of a point that has been reached

 private:
  StreamPoint anchor_;
  Nanos time_;
};

// One entry of a lane that its stream has not reached the end of yet.
struct Enqueued {
  StreamPoint start, end;  // start: null where nobody asks
  Times* times = nullptr;
  Times* ends = nullptr;
  std::shared_ptr<const UnitRun> unit;
  int call = -1, task = -1;
};

// What a stream still has to do, in its order.
class StreamLog {
 public:
  void add(Enqueued entry) { entries_.push_back(std::move(entry)); }
  bool empty() const { return entries_.empty(); }

  // Fills in the times of what is done, and forgets it. Throws Error, naming the entry, where the device failed.
  void settle(DeviceClock&);

 private:
  std::deque<Enqueued> entries_;
};

}  // namespace pipedit::executor
