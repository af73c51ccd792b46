#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/units.h"
#include "program/script.h"
#include "simulator/engine/unit_plan.h"

namespace pipedit::simulator {

struct Run;

// What a unit holds while it runs.
struct RunState {
  std::vector<std::int32_t> pending;  // by node; of an exchange task that has started: parts done, or parts left
  std::vector<Nanos> start, end;      // by node; -1 until it happens
  std::vector<int> arrived;           // by exchange: members whose task got to the head of its lane
};

struct OuterWait {
  int node = 0;  // that waits
  Run* target = nullptr;
  int target_node = 0;
};

// A unit of an actor's log.
struct Run {
  program::UnitInstance unit;
  const UnitPlan* plan = nullptr;
  std::size_t position = 0;        // in its actor's log
  std::vector<int> entry;          // by participant: place in the rank's log
  std::vector<OuterWait> waits;    // for tasks of earlier units that were not done when this one was appended
  std::vector<OuterWait> waiters;  // of other units, for tasks of this one: `target` is the unit that waits
  std::unique_ptr<RunState> state;
  Nanos appended{0};       // when it came into the log
  Nanos start{0}, end{0};  // end: of its last task so far
  int barrier_left = 0, left = 0;
  int history = -1;  // of the recorder, when finished
  bool started = false;
  bool done = false;      // its barrier: all tasks on compute, send and copy lanes, and its actor has seen it
  bool finished = false;  // all tasks
  bool last_of_request = false;
  bool skipped = false;  // taken from the memo

  bool task_done(int node) const { return finished || (state && at(state->end, node) >= Nanos{0}); }
};

}  // namespace pipedit::simulator
