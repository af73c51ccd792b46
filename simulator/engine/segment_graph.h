#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "core/cluster.h"
#include "core/timeline.h"
#include "program/program.h"
#include "simulator/costs/cost_model.h"
#include "simulator/engine/at.h"

namespace pipedit::simulator {

inline constexpr int kProvenances = static_cast<int>(Provenance::measured) + 1;

// Lists by index, laid end to end.
template <class T>
class Lists {
 public:
  Lists() = default;
  // From (index, value) pairs in any order; values of one index keep their order.
  Lists(std::size_t count, const std::vector<std::pair<int, T>>& entries) : begin_(count + 1, 0) {
    for (const auto& entry : entries) ++begin_[static_cast<std::size_t>(entry.first) + 1];
    for (std::size_t i = 0; i < count; ++i) begin_[i + 1] += begin_[i];
    values_.resize(entries.size());
    std::vector<std::size_t> next(begin_.begin(), begin_.end());
    for (const auto& entry : entries) values_[at(next, entry.first)++] = entry.second;
  }
  std::span<const T> operator[](std::size_t i) const {
    return std::span<const T>(values_).subspan(begin_[i], begin_[i + 1] - begin_[i]);
  }

 private:
  std::vector<std::size_t> begin_{0};
  std::vector<T> values_;
};

struct TaskFacts {
  int rank = 0;
  program::Lane lane{};
  program::OpKind kind{};
  int exchange = -1;  // of the segment, for tasks of kind exchange
  Nanos cost{0};      // 0 for exchanges: their parts cost
  Nanos launch{0};
};

// The directions that bytes between two devices pass.
struct Route {
  std::vector<Direction> path;
  Nanos latency{0};
};

struct PartFacts {
  int from = 0, to = 0;  // ranks
  int from_device = 0, to_device = 0;
  int sender = -1, receiver = -1;  // the members' tasks
  int arrival = -1;                // node
  Transport transport{};
  Nanos cost{0};
  Bytes size{};
  const Route* route = nullptr;  // of a part that passes links
  Nanos start_up{0};             // of its cost, before its bytes move
  bool local() const { return from == to; }
};

struct ExchangeFacts {
  Transport transport{};
  int members = 0;
  std::vector<int> parts{};
};

struct TailWait {
  int task = 0, rank = 0;
  program::Lane lane{};
};

// One segment ready to run. Nodes are its tasks, then one node for each (exchange, rank) that waits stand for: the
// arrival of all parts there.
struct SegmentGraph {
  std::vector<TaskFacts> tasks;
  std::vector<PartFacts> parts;
  std::vector<ExchangeFacts> exchanges;
  std::vector<std::int32_t> pending;  // by node: what must happen before (waits of tasks, parts of arrivals)
  Lists<int> successors;              // by node: nodes that it is one of the pending things of
  Lists<int> enqueued_before;         // by task: tasks of other ranks that its host waits to see enqueued
  Lists<int> sends;                   // by task: parts that it sends, in order
  Lists<int> involves;                // by task: parts that it sends or receives
  std::vector<TailWait> tails;
  std::array<Nanos, kProvenances> provenance{};  // time of all its tasks and parts

  int nodes() const { return static_cast<int>(pending.size()); }
};

// Asks the cost model once a task and part. Throws Error for waits that the segment does not have.
SegmentGraph compile(const program::Program&, const program::Segment&, const CostModel&);

}  // namespace pipedit::simulator
