#pragma once

#include "program/program.h"
#include "simulator/costs/cost_model.h"

namespace pipedit::planner {

// Time that the busiest host of an actor takes to enqueue, one task after another.
struct HostTime {
  Nanos request{0};    // all tasks of a request, each unit's plain alternative
  Nanos step{0};       // those of a denoising step
  Nanos lent_step{0};  // of these what steps with lent heads enqueue too, however they are cut
};

// Of an actor of a program that lends nothing. More chunks and row groups only add tasks.
HostTime host_time(const program::Program&, const simulator::CostModel&, const program::Actor&,
                   std::size_t request_shape);

}  // namespace pipedit::planner
