#include "program/verify/host_graph.h"

namespace pipedit::program {

namespace {

class Builder {
 public:
  Builder(const Program& program, const Log& log) : log_(log) {
    hosts_.assign(static_cast<std::size_t>(program.ranks()), -1);
    lanes_.assign(hosts_.size() * kLanes, -1);
  }

  HostGraph run() {
    for (std::size_t unit = 0; unit < log_.size(); ++unit)
      for (std::size_t call = 0; call < log_[unit].calls.size(); ++call)
        add_call(static_cast<int>(unit), static_cast<int>(call), *log_[unit].calls[call].segment);
    return std::move(graph_);
  }

 private:
  void add_call(int unit, int call, const Segment& segment) {
    const std::vector<int> earlier = lanes_;
    members_ = member_tasks(segment);
    const int first = static_cast<int>(graph_.events.size());
    for (std::size_t id = 0; id < segment.tasks.size(); ++id) {
      const int event = first + static_cast<int>(id);
      const Task& task = segment.tasks[id];
      graph_.events.push_back({unit, call, TaskId{static_cast<int>(id)}});
      int& host = hosts_[index(task.rank)];
      edge(host, event);
      host = lanes_[lane_of(task.rank, task.lane)] = event;
      for (const Wait& wait : task.waits) add_wait(segment, wait, task.rank, first, event, earlier);
    }
  }

  void add_wait(const Segment& segment, const Wait& wait, Rank rank, int first, int event,
                const std::vector<int>& earlier) {
    if (const auto* done = std::get_if<TaskDone>(&wait)) {
      edge(first + static_cast<int>(done->task), event);
    } else if (const auto* before = std::get_if<Tail>(&wait)) {
      edge(earlier[lane_of(before->rank, before->lane)], event);
    } else {
      add_arrival(segment, std::get<Arrived>(wait).exchange, rank, first, event);
    }
  }

  // Those who send to the rank. Where all have to meet, nothing arrives before all have been enqueued; but the event
  // that a host waits for is then that of its own member task, and the others are the device's affair.
  void add_arrival(const Segment& segment, ExchangeId exchange, Rank rank, int first, int event) {
    std::vector<bool> sends(hosts_.size(), false);
    for (const Part& part : segment.exchanges[index(exchange)].parts)
      if (part.to == rank) sends[index(part.from)] = true;
    for (const TaskId id : members_[index(exchange)]) {
      const Task& member = segment.tasks[index(id)];
      const bool meets =
          member.lane != Lane::hand && reading_of(segment.exchanges[index(exchange)].transport) == Reading::rendezvous;
      if (meets ? member.rank == rank : sends[index(member.rank)]) edge(first + static_cast<int>(id), event);
    }
  }

  // By exchange: its tasks.
  static std::vector<std::vector<TaskId>> member_tasks(const Segment& segment) {
    std::vector<std::vector<TaskId>> members(segment.exchanges.size());
    for (std::size_t id = 0; id < segment.tasks.size(); ++id)
      if (const auto* shape = std::get_if<ExchangeShape>(&segment.tasks[id].shape))
        members[index(shape->exchange)].push_back(TaskId{static_cast<int>(id)});
    return members;
  }

  static std::size_t lane_of(Rank rank, Lane lane) { return index(rank) * kLanes + static_cast<std::size_t>(lane); }

  void edge(int from, int to) {
    if (from >= 0) graph_.edges.emplace_back(from, to);
  }

  const Log& log_;
  HostGraph graph_;
  std::vector<int> hosts_, lanes_;            // the last event of a rank, and of a rank and lane
  std::vector<std::vector<TaskId>> members_;  // of the call's segment
};

}  // namespace

HostGraph host_graph(const Program& program, const Log& log) { return Builder(program, log).run(); }

}  // namespace pipedit::program
