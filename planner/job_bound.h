#pragma once

#include <vector>

#include "core/cluster.h"
#include "core/workload.h"
#include "planner/objective.h"
#include "planner/pipeline_bound.h"
#include "program/program.h"
#include "simulator/costs/cost_model.h"

// From what requests take at least on each pipeline to what a job takes at least.
namespace pipedit::planner {

// Of every pipeline of a program, from the longest paths through its units.
std::vector<PipelineTimes> pipeline_times(const program::Program&, const Cluster&, const simulator::CostModel&);

struct Demand {
  std::vector<std::int64_t> counts;  // requests by shape
  std::vector<Nanos> last_arrivals;
  std::vector<std::size_t> order;  // shapes by request
};
Demand demand_of(const Workload&);

// No simulation of the workload (asked_of(objective, ..), for these pipelines or more) on them gives a smaller value.
Nanos job_bound(Objective, const std::vector<const PipelineTimes*>&, const Demand&);

}  // namespace pipedit::planner
