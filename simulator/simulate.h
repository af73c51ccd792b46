#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/cluster.h"
#include "core/timeline.h"
#include "program/program.h"
#include "simulator/costs/cost_model.h"

namespace pipedit::simulator {

struct Options {
  bool full = false;  // expand every step; without, a step that was simulated in the same state is used again
  std::vector<Decision> decisions;                  // replayed where given, in the order of each actor's steps
  std::function<void(std::int64_t)> progress = {};  // hears how many steps are over
};

// Runs the program in virtual time. Pure and deterministic: equal inputs give equal timelines, with and without `full`
// (steps_reused aside). Throws Error naming the tasks when nothing can go on.
Timeline simulate(const program::Program&, const Cluster&, const CostModel&, const Options& = {});

}  // namespace pipedit::simulator
