#pragma once

#include <string>
#include <vector>

#include "core/cluster.h"
#include "core/timeline.h"
#include "program/program.h"
#include "simulator/costs/cost_model.h"

namespace pipedit::planner {

// What a simulated job's end waited for, from the end back to the start.
struct CriticalShare {
  std::string
      what;  // an operation ("attention"), "exchange" for transfers, or "waiting": for hosts, barriers, arrivals
  double share = 0;                              // of the makespan
  Provenance provenance = Provenance::analytic;  // of most of its cost; analytic for waiting
  friend bool operator==(const CriticalShare&, const CriticalShare&) = default;
};

// Largest first; shares sum to 1. Units are walked back by their actors (a decoding also to the hand-over of its
// latent), tasks within a unit by lanes and waits, always to what ended last.
std::vector<CriticalShare> critical_path(const program::Program&, const Timeline&, const simulator::CostModel&);

}  // namespace pipedit::planner
