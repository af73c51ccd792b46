#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "core/units.h"

// From what the units of one pipeline take at least to what its requests take at least.
namespace pipedit::planner {

// Least times of one pipeline for requests of one shape.
struct RequestTimes {
  bool colocated = true;
  int steps = 0;
  Nanos begin{0};
  Nanos step{0}, lent_step{0};  // equal where no heads are lent
  Nanos hand{0};                // to the decoding group, or the gather of a co-located one
  Nanos decode{0};              // until the group may begin the next one
  Nanos tail{0};                // behind that, until the last frame is written
  // From a request's draw to the next one's, with what hosts enqueue for it: at least this, where the units above take
  // less. Co-located: the last request takes turn_tail longer.
  Nanos turn{0}, turn_tail{0};
  // Of the one device that all ranks share, over its slots: what a step, the decoding, and all else of a request take
  // away from others there. 0 where there are several devices.
  Nanos step_work{0}, decode_work{0}, other_work{0};

  Nanos denoise() const { return begin + std::min(step, lent_step) * steps; }
  Nanos denoise_work() const { return step_work * steps + other_work; }
};
using PipelineTimes = std::vector<RequestTimes>;  // by request shape

// The least time of `count` equal requests.
Nanos batch_bound(const RequestTimes&, std::int64_t count);

// The least mean distance of starts as value_of(Objective::throughput, ..) takes it, over `window` equal requests.
Nanos period_bound(const RequestTimes&, int window);

// The least time from a draw to the next, whatever else goes on, and of decoding with its own group.
Nanos turn_bound(const RequestTimes&);

}  // namespace pipedit::planner
