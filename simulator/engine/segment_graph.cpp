#include "simulator/engine/segment_graph.h"

#include <algorithm>
#include <map>
#include <string>

#include "core/error.h"

namespace pipedit::simulator {

namespace {

using program::Program;
using program::Segment;
using program::Task;

class Compiler {
 public:
  Compiler(const Program& program, const Segment& segment, const CostModel& costs)
      : program_(program), segment_(segment), costs_(costs) {}

  SegmentGraph compile() {
    for (const Task& task : segment_.tasks) add_task(task);
    graph_.pending.assign(segment_.tasks.size(), 0);
    for (std::size_t i = 0; i < segment_.exchanges.size(); ++i) add_exchange(static_cast<int>(i));
    for (std::size_t i = 0; i < segment_.tasks.size(); ++i) add_waits(static_cast<int>(i));
    const std::size_t tasks = graph_.tasks.size();
    graph_.successors = Lists<int>(graph_.pending.size(), successors_);
    graph_.enqueued_before = Lists<int>(tasks, enqueued_before_);
    graph_.sends = Lists<int>(tasks, sends_);
    graph_.involves = Lists<int>(tasks, involves_);
    return std::move(graph_);
  }

 private:
  // A host enqueues a copy for each part that it sends in turn, one grouped call under a rendezvous.
  std::int64_t launches(const program::Exchange& exchange, Rank rank) const {
    if (program::reading_of(exchange.transport) == program::Reading::rendezvous) return 1;
    const auto sends = std::count_if(exchange.parts.begin(), exchange.parts.end(),
                                     [&](const program::Part& part) { return part.from == rank; });
    return std::max<std::int64_t>(1, sends);
  }

  void add_task(const Task& task) {
    TaskFacts facts{.rank = static_cast<int>(task.rank), .lane = task.lane, .kind = task.kind};
    facts.launch = costs_.launch(program_, task);
    if (const auto* shape = std::get_if<program::ExchangeShape>(&task.shape)) {
      facts.exchange = static_cast<int>(shape->exchange);
      facts.launch *= launches(segment_.exchanges.at(index(shape->exchange)), task.rank);
      members_[{facts.exchange, facts.rank}] = static_cast<int>(graph_.tasks.size());
    } else {
      facts.cost = charge(costs_.task(program_, task));
    }
    graph_.tasks.push_back(facts);
  }

  Nanos charge(Cost cost) {
    at(graph_.provenance, cost.provenance) += cost.time;
    return cost.time;
  }

  void add_exchange(int exchange) {
    const program::Exchange& source = at(segment_.exchanges, exchange);
    ExchangeFacts facts{.transport = source.transport};
    for (const TaskFacts& task : graph_.tasks) facts.members += task.exchange == exchange ? 1 : 0;
    for (const program::Part& part : source.parts) {
      facts.parts.push_back(static_cast<int>(graph_.parts.size()));
      add_part(exchange, source.transport, part);
    }
    graph_.exchanges.push_back(std::move(facts));
  }

  void add_part(int exchange, Transport transport, const program::Part& part) {
    const int id = static_cast<int>(graph_.parts.size());
    PartFacts facts{.from = static_cast<int>(part.from), .to = static_cast<int>(part.to), .transport = transport};
    facts.from_device = static_cast<int>(program_.devices[index(part.from)]);
    facts.to_device = static_cast<int>(program_.devices[index(part.to)]);
    facts.sender = member(exchange, facts.from);
    facts.receiver = member(exchange, facts.to);
    facts.arrival = arrival(exchange, facts.to);
    facts.cost = charge(costs_.part(program_, transport, part));
    // What a part takes alone holds its kernel's launch, which is simulated by itself.
    if (const auto launch = costs_.kernel_launch(transport); launch && !facts.local())
      facts.cost = std::max(facts.cost - *launch, Nanos{1});
    facts.size = program::bytes_of(program_, part.source);
    ++at(graph_.pending, facts.arrival);
    sends_.emplace_back(facts.sender, id);
    involves_.emplace_back(facts.sender, id);
    if (!facts.local()) involves_.emplace_back(facts.receiver, id);
    graph_.parts.push_back(facts);
  }

  int member(int exchange, int rank) const {
    const auto found = members_.find({exchange, rank});
    if (found == members_.end())
      throw Error("segment \"" + segment_.name + "\": rank " + std::to_string(rank) + " has no task for exchange " +
                  std::to_string(exchange));
    return found->second;
  }

  int arrival(int exchange, int rank) {
    const auto [entry, added] = arrivals_.try_emplace({exchange, rank}, graph_.nodes());
    if (added) graph_.pending.push_back(0);
    return entry->second;
  }

  void add_waits(int task) {
    for (const program::Wait& wait : at(segment_.tasks, task).waits) {
      if (const auto* done = std::get_if<program::TaskDone>(&wait)) wait_for_task(task, static_cast<int>(done->task));
      if (const auto* arrived = std::get_if<program::Arrived>(&wait))
        wait_for_arrival(task, static_cast<int>(arrived->exchange));
      if (const auto* tail = std::get_if<program::Tail>(&wait))
        graph_.tails.push_back({task, static_cast<int>(tail->rank), tail->lane});
    }
  }

  int rank_of(int task) const { return at(graph_.tasks, task).rank; }

  void wait_for_task(int task, int other) {
    if (other < 0 || other >= static_cast<int>(graph_.tasks.size()))
      throw Error("segment \"" + segment_.name + "\": a wait for task " + std::to_string(other) +
                  ", which is not there");
    precede(other, task);
    if (rank_of(other) != rank_of(task)) enqueued_before_.emplace_back(task, other);
  }

  void wait_for_arrival(int task, int exchange) {
    const auto found = arrivals_.find({exchange, rank_of(task)});
    if (found == arrivals_.end()) return;  // no part comes here
    precede(found->second, task);
    for (const int part : at(graph_.exchanges, exchange).parts) {
      const PartFacts& facts = at(graph_.parts, part);
      if (facts.to == rank_of(task) && !facts.local()) enqueued_before_.emplace_back(task, facts.sender);
    }
  }

  void precede(int before, int after) {
    successors_.emplace_back(before, after);
    ++at(graph_.pending, after);
  }

  const Program& program_;
  const Segment& segment_;
  const CostModel& costs_;
  SegmentGraph graph_;
  std::map<std::pair<int, int>, int> members_, arrivals_;  // by exchange and rank
  std::vector<std::pair<int, int>> successors_, enqueued_before_, sends_, involves_;
};

}  // namespace

SegmentGraph compile(const Program& program, const Segment& segment, const CostModel& costs) {
  return Compiler(program, segment, costs).compile();
}

}  // namespace pipedit::simulator
