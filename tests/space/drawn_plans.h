#pragma once

#include <cstdint>
#include <vector>

#include "core/plan.h"

// Plans of the planner's space, for tests that run or simulate them.
namespace pipedit::tests {

// Every plan of one pipeline on up to `ranks` ranks, in the order of the space.
std::vector<Plan> single_pipeline_plans(int ranks, int heads, Transport);

// `count` plans that use exactly `ranks` ranks: a seeded draw of a cut, then of each pipeline's details.
std::vector<Plan> drawn_plans(int ranks, int heads, int count, std::uint64_t seed, Transport);

// One plan of each family that `ranks` ranks can have, drawn likewise; offload_ulysses is loaded and computed like
// ulysses on a CPU.
std::vector<Plan> named_plans(int ranks, int heads, std::uint64_t seed, Transport);

}  // namespace pipedit::tests
