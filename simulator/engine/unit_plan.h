#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "program/script.h"
#include "simulator/engine/segment_graph.h"

namespace pipedit::simulator {

struct PlannedCall {
  const SegmentGraph* graph = nullptr;
  SegmentId segment{};
  int block = -1;
  int first_node = 0, first_exchange = 0;
};

// A node of the unit: where it stands in its call and in its rank's order.
struct PlannedNode {
  const TaskFacts* task = nullptr;  // null: an arrival
  int call = 0;
  int place = 0;        // in the rank's enqueue order
  int participant = 0;  // UnitPlan::ranks
  bool tails = false;   // has, or ends, waits across calls
};

struct NodeTail {
  int node = 0;  // that waits
  int rank = 0;
  program::Lane lane{};
};

// One alternative of a unit, its calls unrolled: what all its instances share. Ids of nodes, of exchanges and places in
// queues count through the whole unit.
struct UnitPlan {
  std::vector<PlannedCall> calls;
  std::vector<PlannedNode> nodes;
  std::vector<std::int32_t> pending;      // by node, waits across calls of the unit included
  std::vector<int> ranks;                 // participants: the actor's, lent ones, others with tasks (hand-over)
  std::vector<std::vector<int>> enqueue;  // by participant: nodes in enqueue order
  std::vector<std::array<std::vector<int>, program::kLanes>> lanes;  // by participant: nodes in order
  std::vector<std::pair<int, int>> inner_tails;  // node and the node of an earlier call it waits for
  std::vector<NodeTail> outer_tails;             // what they wait for stands in earlier units
  std::vector<int> drain;                        // by participant: tasks on lanes compute, send, copy, hand
  std::array<Nanos, kProvenances> provenance{};
  int tasks = 0, barrier_tasks = 0, exchanges = 0;
  bool lingers = false;  // has tasks on lanes that a barrier does not wait for

  std::optional<int> participant(int rank) const;
  int local(int node) const { return node - call_of(node).first_node; }
  const PlannedCall& call_of(int node) const { return calls[static_cast<std::size_t>(at(nodes, node).call)]; }
};

bool in_barrier(program::Lane);  // compute, send, copy
bool in_drain(program::Lane);    // and hand

UnitPlan plan_unit(const program::Program&, const std::vector<SegmentGraph>&, const program::UnitInstance&);

}  // namespace pipedit::simulator
