#pragma once

#include <vector>

#include "core/cluster.h"
#include "program/program.h"
#include "simulator/costs/cost_model.h"

// The longest path through what a unit of a program must do in order: no simulation of it is shorter.
namespace pipedit::planner {

// What a unit takes at least.
struct UnitTime {
  Nanos barrier{0};  // until all ranks are done on the lanes that a barrier waits for
  Nanos all{0};      // until all lanes are done
  Nanos work{0};     // of the busiest device, over its slots: what it takes away from others there
};

// The least time in which a device gets through so much work of several ranks: its slots share it. Shares are rounded
// up to a 2^20th of a slot's speed, so that n ranks get ahead by up to n of these.
Nanos least_time(const Cluster&, DeviceId, Nanos work);

// Costs of a program's segments, asked once.
class SegmentTimes {
 public:
  SegmentTimes(const program::Program&, const simulator::CostModel&);

  struct Times {
    std::vector<Nanos> tasks;               // 0 for exchanges
    std::vector<std::vector<Nanos>> parts;  // by exchange
  };
  const Times& of(SegmentId id) const { return times_[index(id)]; }

 private:
  std::vector<Times> times_;
};

// Why no simulation is shorter: every task takes at least what it costs alone, starts behind the tasks before it on its
// lane and behind what it waits for within the unit; parts take at least what they cost alone, in turn those of one
// sender one after another, at a rendezvous none before all members are there. What is left out (hosts, shared links,
// contention, waits across units) only delays. Beside that, tasks of a device do at most `slots` nanoseconds of work a
// nanosecond.
UnitTime unit_time(const program::Program&, const Cluster&, const SegmentTimes&, const program::Alternative&);

}  // namespace pipedit::planner
