#pragma once

#include <vector>

#include "core/cluster.h"
#include "planner/call_path.h"
#include "planner/device_work.h"
#include "planner/segment_times.h"
#include "program/program.h"

// The longest path through what the units of a program must do in order: no simulation of them is shorter. How far
// lanes and hosts get within a unit: call_path.h. Beside that, tasks of a device do at most `slots` nanoseconds of work
// a nanosecond.
namespace pipedit::planner {

// What a unit takes at least.
struct UnitTime {
  Nanos barrier{0};  // until all ranks are done on the lanes that a barrier waits for
  Nanos all{0};      // until all lanes are done
  Nanos work{0};     // of the busiest device, over its slots: what it takes away from others there
};

// How far hosts are when a unit starts.
enum class Hosts {
  ahead,     // nobody knows how far
  at_start,  // they begin with it: behind a draw, and where its alternative is decided at the barrier
};

UnitTime unit_time(const program::Program&, const Cluster&, const SegmentTimes&, const program::Alternative&, Hosts);

// What a request takes at least, from its draw on, when every unit takes its plain alternative. Hosts have enqueued
// nothing of it when it is drawn, since all that its actor did before is done then; later they are ahead of the devices
// or behind, but begin no unit before the last but one is done.
struct RequestTime {
  Nanos drained{0};  // until its actor may draw the next
  Nanos all{0};      // until all lanes are done
};
RequestTime request_time(const program::Program&, const Cluster&, const SegmentTimes&, const program::Actor&,
                         std::size_t request_shape);

}  // namespace pipedit::planner
