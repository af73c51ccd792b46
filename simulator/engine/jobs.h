#pragma once

#include <cstdint>
#include <vector>

#include "core/units.h"

namespace pipedit::simulator {

struct Run;

// Rates and remaining work are fixed point: kFull is full speed, work is nanoseconds at full speed times kFull.
using Rate = std::int32_t;
inline constexpr Rate kFull = 1 << 20;
inline constexpr Nanos kLongest{INT64_MAX / kFull};  // task: 2.4 hours

// The smallest rate that is not below `share` of full speed: a task that shares never takes longer than it should by
// more than the nanosecond that rounding up its end costs.
Rate rate_of(double share);

using JobId = int;

enum class JobKind {
  task,      // not an exchange
  kernel,    // a member's share of an exchange, on its way to the device
  copy,      // a part that moves without links: on its rank, or within a device
  start_up,  // a part before its bytes move
  flow       // a part whose bytes move over links
};

// Something that takes time: a task, or a part of an exchange.
struct Job {
  JobKind kind{};
  Run* run = nullptr;
  int node = -1;  // of the run: the task, or the sender's exchange task
  int part = -1;  // of the call's graph
  std::int64_t remaining = 0;
  Nanos updated{0};
  Rate rate = 0;
  Nanos end{0};               // at this rate
  std::uint32_t version = 0;  // an end that was foreseen under an earlier version does not happen
  bool live = false;
};

enum class EventKind { job_done, flow_done, host_done, skip_append, skip_done, wake };

struct Event {
  Nanos time{0};
  EventKind kind{};
  int id = 0;
  std::uint32_t version = 0;
};

// What is known to happen later, earliest first; at one instant in no particular order.
class Agenda {
 public:
  void add(Event event);
  bool empty() const { return heap_.empty(); }
  Nanos next() const { return heap_.front().time; }
  Event take();

 private:
  std::vector<Event> heap_;
};

class Jobs {
 public:
  // Of this much work, standing still until it gets a rate. Throws InputError for more than kLongest.
  JobId add(Job job, Nanos work, Nanos now);
  // Returns when it ends at this rate.
  Nanos set_rate(JobId, Rate, Nanos now);
  void set_rate(JobId, Rate, Nanos now, Agenda&);
  void remove(JobId);
  const Job& operator[](JobId id) const { return jobs_[static_cast<std::size_t>(id)]; }
  bool foreseen(const Event& event) const {
    const Job& job = (*this)[event.id];
    return job.live && job.version == event.version;
  }

 private:
  std::vector<Job> jobs_;
  std::vector<JobId> free_;
};

}  // namespace pipedit::simulator
