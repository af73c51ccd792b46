#pragma once

#include "core/timeline.h"

// A small job made by hand: one actor on two ranks, "block" {0: attention on rank 0, 1: attention on rank 1, 2:
// exchange on rank 1} called for two blocks a step.
namespace pipedit::tests {

Timeline two_ranks();

// A step of `request` at `start` with the given pattern, 1 us long.
Occurrence step(int request, int step, int pattern, Nanos start);

}  // namespace pipedit::tests
