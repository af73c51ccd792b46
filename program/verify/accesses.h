#pragma once

#include <optional>
#include <vector>

#include "program/verify/cells.h"
#include "program/verify/device_graph.h"
#include "program/verify/faults.h"

// Every access to memory, checked against those before it.
namespace pipedit::program {

// What a segment's tasks and parts touch: the same at every call but for the copies.
struct Touched {
  std::vector<Footprint> reads, writes;
  std::optional<Footprint> weights;  // off-loaded ones that the task uses
};
struct SegmentTouches {
  std::vector<Touched> tasks;               // an exchange's are with its parts
  std::vector<std::vector<Touched>> parts;  // by exchange
};
std::vector<SegmentTouches> touches(const Program&, const Cells&);

// Races: accesses to the same bytes, one a write, that nothing orders. Coverage: a read finds what was written for it,
// by this call where the bytes are of one call only, and of one call everywhere. `order` is one order in which the
// events may happen.
void check_accesses(const Program&, const Log&, const DeviceGraph&, const std::vector<int>& order, const Cells&,
                    const std::vector<SegmentTouches>&, Faults&);

}  // namespace pipedit::program
