#pragma once

#include <array>
#include <vector>

#include "core/ids.h"
#include "program/program.h"

namespace pipedit::executor {

// What a walk looks up about a segment, counted once: events of one call and who does what. A call's events are, in
// order, one a task (done), one an exchange and rank (its parts arrived), one an exchange (all members got there;
// rendezvous only).
struct SegmentTable {
  std::vector<std::vector<int>> tasks;                 // by rank: its tasks in enqueue order
  std::vector<std::array<int, program::kLanes>> last;  // by rank: the last task on each lane, -1: none
  std::vector<int> counts;                             // by event: how many marks set it
  int ranks = 0, exchanges = 0;

  int done(TaskId task) const { return static_cast<int>(task); }
  int arrived(ExchangeId exchange, Rank rank) const;
  int gathered(ExchangeId exchange) const;
  int task_count() const { return static_cast<int>(counts.size()) - exchanges * (ranks + 1); }
};

// Throws Error, naming segment and task, where a task waits for what no task of the segment will ever do: a task or
// exchange that does not exist, a part whose sender has no task for its exchange.
SegmentTable make_table(const program::Segment&, int ranks);

}  // namespace pipedit::executor
