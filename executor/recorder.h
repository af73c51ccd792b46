#pragma once

#include <deque>
#include <vector>

#include "core/timeline.h"
#include "executor/backend.h"
#include "executor/unit_log.h"
#include "program/program.h"

namespace pipedit::executor {

// What one rank measured: written by its own thread, read when all are done. Times are filled in by the backend, so
// entries stay where they are.
class Recorder {
 public:
  struct Entry {
    int unit = 0;              // UnitRun::id
    int call = -1, task = -1;  // -1: the unit's start
    Times times;
  };
  Times* add(int unit, int call, int task) {
    entries_.push_back({.unit = unit, .call = call, .task = task, .times = {}});
    return &entries_.back().times;
  }
  const std::deque<Entry>& entries() const { return entries_; }

 private:
  std::deque<Entry> entries_;
};

// The recorders of all ranks as one timeline: a pattern a unit.
Timeline merge(const program::Program&, const std::vector<UnitRecord>&, const std::vector<Nanos>& drawn,
               const std::vector<Recorder>& by_rank);

}  // namespace pipedit::executor
