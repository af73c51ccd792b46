#pragma once

#include <vector>

#include "program/verify/device_graph.h"
#include "program/verify/faults.h"
#include "program/verify/touches.h"

// Every access to memory, checked against those before it.
namespace pipedit::program {

// Races: accesses to the same bytes, one a write, that nothing orders. Coverage: a read finds what was written for it,
// by this call where the bytes are of one call only, and of one call everywhere. `order` is one order in which the
// events may happen.
void check_accesses(const Program&, const Log&, const DeviceGraph&, const std::vector<int>& order, const Cells&,
                    const std::vector<SegmentTouches>&, Faults&);

}  // namespace pipedit::program
