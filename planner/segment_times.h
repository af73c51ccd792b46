#pragma once

#include <cstdint>
#include <vector>

#include "program/program.h"
#include "simulator/costs/cost_model.h"

namespace pipedit::planner {

// Costs of a program's segments, asked once.
class SegmentTimes {
 public:
  SegmentTimes(const program::Program&, const simulator::CostModel&);

  struct Times {
    std::vector<Nanos> tasks;               // 0 for exchanges
    std::vector<Nanos> launches;            // of the host that enqueues the task
    std::vector<std::vector<Nanos>> parts;  // by exchange
    std::vector<std::vector<int>> members;  // by exchange and rank: its task, or -1
  };
  const Times& of(SegmentId id) const { return times_[index(id)]; }

 private:
  std::vector<Times> times_;
};

// The exchange that a task of that kind stands for.
std::size_t exchange_of(const program::Task&);

// Calls with which a host enqueues a task: one, or one for each part that its rank sends in turn.
std::int64_t launches_of(const program::Segment&, const program::Task&);

}  // namespace pipedit::planner
