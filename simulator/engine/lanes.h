#pragma once

#include "simulator/engine/world.h"

// Tasks at the heads of lanes: when they start.
namespace pipedit::simulator {

// Looks at the lane again in this instant.
void wake_lane(World&, int rank, program::Lane);

// Starts what can start on the lanes that were woken.
void start_woken_lanes(World&);

}  // namespace pipedit::simulator
