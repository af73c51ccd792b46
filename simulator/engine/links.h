#pragma once

#include "simulator/engine/world.h"

// Links: bytes under way share every direction that they pass, max-min fairly.
namespace pipedit::simulator {

// Gives every part that passes links its route. Throws InputError where there is none.
void find_routes(World&);

// Begins to move a part's bytes: alone they take `duration`.
void begin_flow(World&, Job, const PartFacts&, Nanos duration);
void end_flow(World&, JobId);

// Gives every flow its rate where flows came or went.
void update_flow_rates(World&);

// Those that have moved all their bytes at the instant that the event foresaw; none if things have changed since.
std::vector<JobId> flows_that_ended(const World&, const Event&);

}  // namespace pipedit::simulator
