#pragma once

#include "simulator/engine/world.h"

// Links: bytes under way share every direction that they pass, max-min fairly.
namespace pipedit::simulator {

// Routes and capacities of a cluster. A pair of devices without a path fails when a part wants to pass.
const std::vector<Direction>& path(World&, const PartFacts&);
Nanos path_latency(World&, const PartFacts&);  // of all its links

// A part that passes links: between devices, but for memory that hosts copy.
bool on_links(const PartFacts&);

// Begins to move a part's bytes: alone they take `duration`.
void begin_flow(World&, Job, const PartFacts&, Nanos duration);
void end_flow(World&, JobId);

// Gives every flow its rate where flows came or went.
void update_flow_rates(World&);

// Max-min fair shares of the flows in bytes per nanosecond, none above its cap; a flow that is alone gets its cap.
std::vector<double> fair_shares(const std::vector<Flow>&, const std::vector<double>& capacity);

}  // namespace pipedit::simulator
