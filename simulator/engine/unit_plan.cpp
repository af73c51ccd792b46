#include "simulator/engine/unit_plan.h"

#include <algorithm>

namespace pipedit::simulator {

using program::Lane;

bool in_barrier(Lane lane) { return lane == Lane::compute || lane == Lane::send || lane == Lane::copy; }
bool in_drain(Lane lane) { return lane != Lane::writer; }

std::optional<int> UnitPlan::participant(int rank) const {
  const auto found = std::lower_bound(ranks.begin(), ranks.end(), rank);
  if (found == ranks.end() || *found != rank) return std::nullopt;
  return static_cast<int>(found - ranks.begin());
}

namespace {

class Planner {
 public:
  Planner(const program::Program& program, const std::vector<SegmentGraph>& graphs,
          const program::UnitInstance& instance)
      : program_(program), graphs_(graphs), instance_(instance) {}

  UnitPlan plan() {
    const std::vector<program::CallInstance> calls = program::calls_of(program_, instance_);
    last_.assign(static_cast<std::size_t>(program_.ranks()) * program::kLanes, -1);
    find_ranks(calls);
    for (const program::CallInstance& call : calls) add(call);
    return std::move(plan_);
  }

 private:
  void find_ranks(const std::vector<program::CallInstance>& calls) {
    std::vector<int>& ranks = plan_.ranks;
    for (const Rank rank : program_.actors[index(instance_.actor)].ranks) ranks.push_back(static_cast<int>(rank));
    for (const Rank rank : instance_.chosen().lent) ranks.push_back(static_cast<int>(rank));
    for (const program::CallInstance& call : calls)
      if (call.bindings.block <= 0)
        for (const TaskFacts& task : graphs_[index(call.id)].tasks) ranks.push_back(task.rank);
    std::sort(ranks.begin(), ranks.end());
    ranks.erase(std::unique(ranks.begin(), ranks.end()), ranks.end());
    plan_.enqueue.resize(ranks.size());
    plan_.lanes.resize(ranks.size());
    plan_.drain.assign(ranks.size(), 0);
  }

  void add(const program::CallInstance& call) {
    const SegmentGraph& graph = graphs_[index(call.id)];
    const int first = static_cast<int>(plan_.nodes.size());
    plan_.calls.push_back({&graph, call.id, call.bindings.block, first, plan_.exchanges});
    plan_.exchanges += static_cast<int>(graph.exchanges.size());
    plan_.pending.insert(plan_.pending.end(), graph.pending.begin(), graph.pending.end());
    plan_.nodes.resize(plan_.pending.size());
    const int number = static_cast<int>(plan_.calls.size()) - 1;
    for (int node = first; node < static_cast<int>(plan_.nodes.size()); ++node) this->node(node).call = number;
    for (const TailWait& tail : graph.tails) add_tail(first + tail.task, tail);
    for (std::size_t task = 0; task < graph.tasks.size(); ++task)
      add_task(first + static_cast<int>(task), graph.tasks[task]);
    for (int p = 0; p < kProvenances; ++p) at(plan_.provenance, p) += at(graph.provenance, p);
  }

  PlannedNode& node(int id) { return at(plan_.nodes, id); }

  // Earlier calls are in place, this one's tasks are not.
  void add_tail(int waiting, const TailWait& tail) {
    const int last = last_[slot(tail.rank, tail.lane)];
    node(waiting).tails = true;
    if (last < 0) {
      plan_.outer_tails.push_back({waiting, tail.rank, tail.lane});
      return;
    }
    plan_.inner_tails.emplace_back(waiting, last);
    node(last).tails = true;
    ++at(plan_.pending, waiting);
  }

  void add_task(int id, const TaskFacts& task) {
    PlannedNode& planned = node(id);
    planned.task = &task;
    planned.participant = *plan_.participant(task.rank);
    const auto participant = static_cast<std::size_t>(planned.participant);
    planned.place = static_cast<int>(plan_.enqueue[participant].size());
    plan_.enqueue[participant].push_back(id);
    plan_.lanes[participant][static_cast<std::size_t>(task.lane)].push_back(id);
    last_[slot(task.rank, task.lane)] = id;
    ++plan_.tasks;
    plan_.barrier_tasks += in_barrier(task.lane) ? 1 : 0;
    plan_.drain[participant] += in_drain(task.lane) ? 1 : 0;
    plan_.lingers = plan_.lingers || !in_barrier(task.lane);
  }

  static std::size_t slot(int rank, Lane lane) {
    return static_cast<std::size_t>(rank) * program::kLanes + static_cast<std::size_t>(lane);
  }

  const program::Program& program_;
  const std::vector<SegmentGraph>& graphs_;
  const program::UnitInstance& instance_;
  UnitPlan plan_;
  std::vector<int> last_;  // node of the calls so far, by rank and lane
};

}  // namespace

UnitPlan plan_unit(const program::Program& program, const std::vector<SegmentGraph>& graphs,
                   const program::UnitInstance& instance) {
  return Planner(program, graphs, instance).plan();
}

}  // namespace pipedit::simulator
