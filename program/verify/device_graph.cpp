#include "program/verify/device_graph.h"

#include <map>

namespace pipedit::program {

namespace {

int chain_of(Rank rank, Lane lane) { return static_cast<int>(index(rank)) * kLanes + static_cast<int>(lane); }

// One call: the events of its tasks and exchanges.
struct CallEvents {
  std::vector<int> first, last;                // by task
  std::vector<int> meeting;                    // by exchange, rendezvous: every member got there
  std::map<std::pair<int, int>, int> arrival;  // by exchange and rank
};

class Builder {
 public:
  Builder(const Program& program, const Log& log) : program_(program), log_(log) {
    graph_.chains = program.ranks() * kLanes;
    tails_.assign(static_cast<std::size_t>(graph_.chains), -1);
    last_unit_.assign(program.actors.size(), -1);
  }

  DeviceGraph run() {
    for (int unit = 0; unit < static_cast<int>(log_.size()); ++unit) add_unit(unit);
    return std::move(graph_);
  }

 private:
  // ---- Units
  void add_unit(int unit) {
    const LoggedUnit& logged = log_[static_cast<std::size_t>(unit)];
    unit_ = unit;
    start_ = join();
    wait_for_barrier(logged);
    for (const int earlier : logged.after) edge(ends_[static_cast<std::size_t>(earlier)], start_);
    started_.assign(static_cast<std::size_t>(graph_.chains), false);
    for (call_ = 0; call_ < static_cast<int>(logged.calls.size()); ++call_)
      add_call(logged.calls[static_cast<std::size_t>(call_)]);
    add_end(logged);
    last_unit_[index(logged.instance.actor)] = unit;
  }

  void wait_for_barrier(const LoggedUnit& logged) {
    const ActorId actor = logged.instance.actor;
    wait_for_lanes(program_.actors[index(actor)].ranks, start_);
    wait_for_lanes(logged.instance.chosen().lent, start_);
    const int before = last_unit_[index(actor)];
    if (before < 0) return;
    wait_for_lanes(log_[static_cast<std::size_t>(before)].instance.chosen().lent, start_);
  }

  void wait_for_lanes(const std::vector<Rank>& ranks, int event) {
    for (const Rank rank : ranks)
      for (const Lane lane : {Lane::compute, Lane::send, Lane::copy}) edge(tail(rank, lane), event);
  }

  // When a unit is complete: what a latent's receiver waits for, and the next sender into its slot.
  void add_end(const LoggedUnit& logged) {
    const int end = join();
    const std::vector<Rank>& ranks = program_.actors[index(logged.instance.actor)].ranks;
    wait_for_lanes(ranks, end);
    for (const Rank rank : ranks) edge(tail(rank, Lane::hand), end);
    ends_.push_back(end);
  }

  // ---- Calls
  void add_call(const CallInstance& call) {
    const Segment& segment = *call.segment;
    const std::vector<int> earlier_tails = tails_;
    CallEvents events;
    events.first.resize(segment.tasks.size());
    events.last.resize(segment.tasks.size());
    events.meeting.assign(segment.exchanges.size(), -1);
    for (std::size_t task = 0; task < segment.tasks.size(); ++task) add_task(segment, task, events);
    close_meetings(segment, events);
    for (std::size_t task = 0; task < segment.tasks.size(); ++task)
      for (const Wait& wait : segment.tasks[task].waits)
        edge(waited_for(wait, segment.tasks[task].rank, earlier_tails, events), events.first[task]);
  }

  void add_task(const Segment& segment, std::size_t id, CallEvents& events) {
    const Task& task = segment.tasks[id];
    task_ = TaskId{static_cast<int>(id)};
    const auto* exchange = std::get_if<ExchangeShape>(&task.shape);
    if (exchange == nullptr) {
      events.first[id] = events.last[id] = chained(task, act(-1));
    } else if (reading_of(segment, task) == Reading::in_turn) {
      add_sender(segment, id, index(exchange->exchange), events);
    } else {
      add_member(task, id, index(exchange->exchange), events);
    }
  }

  // In turn: a chain of parts. Done when the last has moved.
  void add_sender(const Segment& segment, std::size_t id, std::size_t exchange, CallEvents& events) {
    const Task& task = segment.tasks[id];
    const std::vector<Part>& parts = segment.exchanges[exchange].parts;
    events.first[id] = -1;
    for (std::size_t part = 0; part < parts.size(); ++part) {
      if (parts[part].from != task.rank) continue;
      const int event = chained(task, act(static_cast<int>(part)));
      if (events.first[id] < 0) events.first[id] = event;
      events.last[id] = event;
      edge(event, arrival(exchange, parts[part].to, events));
    }
    if (events.first[id] < 0) events.first[id] = events.last[id] = chained(task, act(-1));
  }

  // Rendezvous: got there, parts in have arrived, parts in and out are done.
  void add_member(const Task& task, std::size_t id, std::size_t exchange, CallEvents& events) {
    int& meeting = events.meeting[exchange];
    if (meeting < 0) meeting = join();
    const int whose = act(-1);
    events.first[id] = chained(task, whose);
    edge(events.first[id], meeting);
    const int arrived = chained(task, whose);
    edge(meeting, arrived);
    events.arrival[{static_cast<int>(exchange), static_cast<int>(index(task.rank))}] = arrived;
    events.last[id] = chained(task, whose);
  }

  void close_meetings(const Segment& segment, CallEvents& events) {
    for (std::size_t id = 0; id < segment.tasks.size(); ++id) {
      const auto* shape = std::get_if<ExchangeShape>(&segment.tasks[id].shape);
      if (shape == nullptr || events.meeting[index(shape->exchange)] < 0) continue;
      const std::vector<Part>& parts = segment.exchanges[index(shape->exchange)].parts;
      task_ = TaskId{static_cast<int>(id)};
      for (std::size_t part = 0; part < parts.size(); ++part) {
        if (parts[part].from != segment.tasks[id].rank) continue;
        Act& moved = graph_.acts[static_cast<std::size_t>(act(static_cast<int>(part)))];
        moved.begin = events.meeting[index(shape->exchange)];
        moved.ends = {events.last[id], arrival(index(shape->exchange), parts[part].to, events)};
      }
    }
  }

  int arrival(std::size_t exchange, Rank rank, CallEvents& events) {
    const auto [found, is_new] =
        events.arrival.try_emplace({static_cast<int>(exchange), static_cast<int>(index(rank))}, -1);
    if (is_new) found->second = join();
    return found->second;
  }

  int waited_for(const Wait& wait, Rank rank, const std::vector<int>& earlier_tails, CallEvents& events) {
    if (const auto* done = std::get_if<TaskDone>(&wait)) return events.last[index(done->task)];
    if (const auto* arrived = std::get_if<Arrived>(&wait)) return arrival(index(arrived->exchange), rank, events);
    const Tail& before = std::get<Tail>(wait);
    return earlier_tails[static_cast<std::size_t>(chain_of(before.rank, before.lane))];
  }

  // ---- Events
  int join() {
    graph_.chain.push_back(-1);
    graph_.position.push_back(-1);
    graph_.act.push_back(-1);
    return graph_.events() - 1;
  }

  int chained(const Task& task, int whose) {
    const int event = join();
    const auto chain = static_cast<std::size_t>(chain_of(task.rank, task.lane));
    graph_.chain.back() = static_cast<int>(chain);
    graph_.act.back() = whose;
    graph_.position.back() = tails_[chain] < 0 ? 0 : graph_.position[static_cast<std::size_t>(tails_[chain])] + 1;
    edge(tails_[chain], event);
    if (!started_[chain]) edge(start_, event);
    started_[chain] = true;
    tails_[chain] = event;
    Act& owner = graph_.acts[static_cast<std::size_t>(whose)];
    if (owner.begin < 0) owner.begin = event;
    owner.ends = {event, event};
    return event;
  }

  int act(int part) {
    graph_.acts.push_back({.unit = unit_, .call = call_, .task = task_, .part = part});
    return static_cast<int>(graph_.acts.size()) - 1;
  }

  int tail(Rank rank, Lane lane) const { return tails_[static_cast<std::size_t>(chain_of(rank, lane))]; }

  void edge(int from, int to) {
    if (from >= 0) graph_.edges.emplace_back(from, to);
  }

  const Program& program_;
  const Log& log_;
  DeviceGraph graph_;
  std::vector<int> tails_;      // by chain: its last event so far
  std::vector<int> last_unit_;  // by actor
  std::vector<int> ends_;       // by unit
  std::vector<bool> started_;   // by chain: the current unit has a task there
  int unit_ = 0, call_ = 0, start_ = -1;
  TaskId task_{};
};

}  // namespace

DeviceGraph device_graph(const Program& program, const Log& log) { return Builder(program, log).run(); }

}  // namespace pipedit::program
