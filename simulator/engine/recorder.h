#pragma once

#include <array>
#include <map>
#include <vector>

#include "core/timeline.h"
#include "program/program.h"
#include "simulator/engine/unit_plan.h"

namespace pipedit::simulator {

struct Run;

// Collects what happened: distinct unit histories once, and where they occurred.
class Recorder {
 public:
  // Of a finished unit: its history, equal histories once. `start` and `end` are by node, in absolute time.
  int history(const Run&);
  void occurrence(const Run&);  // of Run::history

  std::int64_t steps() const { return steps_; }  // that are over
  Timeline timeline(const program::Program&) const;

  std::int64_t steps_reused = 0;
  std::vector<Nanos> drawn;  // by request

 private:
  struct History {
    const UnitPlan* plan = nullptr;
    std::vector<Nanos> start, end;  // by node, since the unit's start
  };
  struct Entry {
    Occurrence occurrence;
    int history = 0;
    std::size_t position = 0;  // in the actor's log
  };
  static Pattern pattern(const History&);
  std::vector<Nanos> busy(const History&, std::size_t ranks) const;

  std::vector<History> histories_;
  std::multimap<std::size_t, int> by_hash_;
  std::vector<Entry> entries_;
  std::int64_t steps_ = 0;
};

}  // namespace pipedit::simulator
