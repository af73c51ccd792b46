#pragma once

#include <vector>

#include "core/workload.h"
#include "planner/longest_path.h"
#include "planner/objective.h"

// From what the units of pipelines take at least to what a job takes at least.
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
  Nanos host{0};                // of the busiest denoising rank, to enqueue a request's tasks (all of them, co-located)
  // Of the one device that all ranks share, over its slots: what a step, and all else of a request, takes away from
  // others there. 0 where there are several devices.
  Nanos step_work{0}, other_work{0};

  Nanos denoise() const { return begin + std::min(step, lent_step) * steps; }
};
using PipelineTimes = std::vector<RequestTimes>;  // by request shape

// The time that the busiest of an actor's hosts takes to enqueue the tasks of a request. `certain`: of a step only what
// programs with other chunks, row groups and shares enqueue too.
Nanos host_time(const program::Program&, const simulator::CostModel&, const program::Actor&, std::size_t request_shape,
                bool certain);

// Of every pipeline of a program, from the longest paths through its units.
std::vector<PipelineTimes> pipeline_times(const program::Program&, const Cluster&, const simulator::CostModel&);

// The least time of `count` equal requests, one pipeline.
Nanos batch_bound(const RequestTimes&, std::int64_t count);

// The least time between the starts of two requests, on average over kStream / 2 - 1 of them and more.
Nanos period_bound(const RequestTimes&);

struct Demand {
  std::vector<std::int64_t> counts;  // requests by shape
  std::vector<Nanos> last_arrivals;
};
Demand demand_of(const Workload&);

// No simulation of the workload (asked_of(objective, ..)) on these pipelines gives a smaller value.
Nanos job_bound(Objective, const std::vector<const PipelineTimes*>&, const Demand&);

}  // namespace pipedit::planner
