#pragma once

#include "simulator/engine/world.h"

// Tasks at the heads of lanes: when they start.
namespace pipedit::simulator {

// Looks at the lane again in this instant.
void wake_lane(World&, int rank, program::Lane);

// The next task of a lane. No run: there is none, or it cannot start now.
struct Head {
  Run* run = nullptr;
  int lane = 0;
  int node = -1;
};
Head ready_head(RankState&, int lane);

// In its rank's enqueue order.
std::pair<int, int> place_of(const RankState&, const Head&);

void start_head(World&, int rank, const Head&);

// Starts what can start on the lanes that were woken; on a CPU, what takes no work (turns.h does the rest).
void start_woken_lanes(World&);

}  // namespace pipedit::simulator
