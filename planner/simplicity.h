#pragma once

#include <array>
#include <optional>
#include <vector>

#include "planner/space.h"

namespace pipedit::planner {

// How much a plan asks for, the weightiest first: off-loading, ranks, pipelines, kinds of pipelines, groups that only
// decode, lending, chunks, row groups, no fill. Of plans that are equally fast the one with the smaller value is
// simpler.
using Complexity = std::array<int, 9>;

// Details that are not chosen yet count as the simplest there are.
Complexity complexity(const Cut&, const std::vector<std::optional<Details>>&);
Complexity complexity(const Plan&);

// Times within a thousandth are ties: one nanosecond more latency can change a makespan by half of that.
inline Nanos with_tie(Nanos time) { return time + time / 1000; }
inline Nanos without_tie(Nanos time) { return time - time / 1000; }

}  // namespace pipedit::planner
