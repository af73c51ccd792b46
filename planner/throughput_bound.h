#pragma once

#include <vector>

#include "planner/job_bound.h"

namespace pipedit::planner {

// No simulation of a stream, as value_of(Objective::throughput, ..) looks at it, gives a smaller time a request.
Nanos throughput_bound(const std::vector<const PipelineTimes*>&, const Demand&);

}  // namespace pipedit::planner
