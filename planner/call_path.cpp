#include "planner/call_path.h"

#include <algorithm>
#include <optional>

namespace pipedit::planner {

using program::Lane;
using program::OpKind;

namespace {

// One call of a segment, from where the lanes and hosts stand.
class CallPath {
 public:
  CallPath(const program::Segment& segment, const SegmentTimes::Times& times, Ends& ends)
      : segment_(segment),
        times_(times),
        ranks_(ends),
        enqueued_(segment.tasks.size(), kLongAgo),
        ends_(segment.tasks.size(), Nanos{0}),
        arrivals_(segment.exchanges.size(), std::vector<Nanos>(ends.size(), Nanos{0})),
        meetings_(segment.exchanges.size()) {
    for (const program::Task& task : segment.tasks)
      if (task.kind == OpKind::exchange) ++meetings_[exchange_of(task)].expected;
  }

  void run() {
    for (std::size_t i = 0; i < segment_.tasks.size(); ++i) {
      const program::Task& task = segment_.tasks[i];
      Nanos& host = ranks_[index(task.rank)].host;
      host = enqueued_[i] = std::max(host, peers_enqueued(task)) + times_.launches[i];
      Nanos& lane = lane_of(task);
      const Nanos start = std::max({lane, host, ready(task)});
      if (task.kind == OpKind::exchange)
        exchange(i, start);
      else
        ends_[i] = start + times_.tasks[i];
      lane = std::max(lane, ends_[i]);
    }
  }

 private:
  struct Meeting {
    int expected = 0;
    std::vector<std::size_t> members;  // tasks that got there
    Nanos start{0};
  };

  Nanos& lane_of(const program::Task& task) {
    return ranks_[index(task.rank)].lanes[static_cast<std::size_t>(task.lane)];
  }

  // Waits for later tasks of the list count as met, here and below: a lower bound all the same.
  Nanos peers_enqueued(const program::Task& task) const {
    Nanos time = kLongAgo;
    for (const program::Wait& wait : task.waits) {
      if (const auto* done = std::get_if<program::TaskDone>(&wait)) time = std::max(time, enqueued_[index(done->task)]);
      if (const auto* arrived = std::get_if<program::Arrived>(&wait)) {
        const std::size_t id = index(arrived->exchange);
        for (const program::Part& part : segment_.exchanges[id].parts)
          if (const int sender = times_.members[id][index(part.from)]; part.to == task.rank && sender >= 0)
            time = std::max(time, enqueued_[static_cast<std::size_t>(sender)]);
      }
    }
    return time;
  }

  Nanos ready(const program::Task& task) const {
    Nanos time{0};
    for (const program::Wait& wait : task.waits) {
      if (const auto* done = std::get_if<program::TaskDone>(&wait)) time = std::max(time, ends_[index(done->task)]);
      if (const auto* arrived = std::get_if<program::Arrived>(&wait))
        time = std::max(time, arrivals_[index(arrived->exchange)][index(task.rank)]);
    }
    return time;
  }

  void exchange(std::size_t task, Nanos start) {
    const std::size_t id = exchange_of(segment_.tasks[task]);
    const program::Exchange& exchange = segment_.exchanges[id];
    const bool handed = segment_.tasks[task].lane == Lane::hand;
    if (handed || program::reading_of(exchange.transport) == program::Reading::in_turn)
      ends_[task] = send_in_turn(id, segment_.tasks[task].rank, start);
    else
      meet(id, task, start);
  }

  Nanos send_in_turn(std::size_t id, Rank from, Nanos time) {
    const std::vector<program::Part>& parts = segment_.exchanges[id].parts;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i].from != from) continue;
      time += times_.parts[id][i];
      Nanos& arrival = arrivals_[id][index(parts[i].to)];
      arrival = std::max(arrival, time);
    }
    return time;
  }

  void meet(std::size_t id, std::size_t task, Nanos start) {
    Meeting& meeting = meetings_[id];
    meeting.members.push_back(task);
    meeting.start = std::max(meeting.start, start);
    ends_[task] = start;
    if (static_cast<int>(meeting.members.size()) < meeting.expected) return;
    const std::vector<program::Part>& parts = segment_.exchanges[id].parts;
    std::vector<Nanos> busy(ranks_.size(), Nanos{0});
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const Nanos time = times_.parts[id][i];
      Nanos& arrival = arrivals_[id][index(parts[i].to)];
      arrival = std::max(arrival, meeting.start + time);
      for (const Rank rank : {parts[i].from, parts[i].to}) busy[index(rank)] = std::max(busy[index(rank)], time);
    }
    for (const std::size_t member : meeting.members) {
      const program::Task& at = segment_.tasks[member];
      ends_[member] = meeting.start + busy[index(at.rank)];
      lane_of(at) = std::max(lane_of(at), ends_[member]);
    }
  }

  const program::Segment& segment_;
  const SegmentTimes::Times& times_;
  Ends& ranks_;
  std::vector<Nanos> enqueued_, ends_;        // by task
  std::vector<std::vector<Nanos>> arrivals_;  // by exchange and rank
  std::vector<Meeting> meetings_;
};

// By how much all of those that moved came on, where that is the same.
struct Pace {
  std::optional<Nanos> step;
  bool even = true;

  void see(Nanos before, Nanos after, bool idle) {
    if (idle) return;
    even = even && (!step || *step == after - before);
    step = after - before;
  }
  bool steady() const { return step && even; }
};

struct Paces {
  Pace lanes, hosts;

  Paces(const Ends& before, const Ends& after) {
    for (std::size_t rank = 0; rank < after.size(); ++rank) {
      for (std::size_t lane = 0; lane < after[rank].lanes.size(); ++lane)
        lanes.see(before[rank].lanes[lane], after[rank].lanes[lane], after[rank].lanes[lane] == Nanos{0});
      hosts.see(before[rank].host, after[rank].host, after[rank].host == before[rank].host);
    }
  }

  bool together() const { return lanes.steady() && (!hosts.step || (hosts.steady() && *hosts.step == *lanes.step)); }
  bool hosts_ahead() const { return hosts.steady() && lanes.step && *hosts.step < *lanes.step; }
};

void advance_lanes(Ends& ends, Nanos by) {
  for (RankEnds& rank : ends)
    for (Nanos& lane : rank.lanes)
      if (lane > Nanos{0}) lane += by;
}

// Of hosts alone, at this pace.
void advance_hosts(Ends& ends, const Ends& before, Nanos by) {
  for (std::size_t rank = 0; rank < ends.size(); ++rank)
    if (ends[rank].host != before[rank].host) ends[rank].host += by;
}

void forget_hosts(Ends& ends) {
  for (RankEnds& rank : ends) rank.host = kLongAgo;
}

}  // namespace

// Blocks of one kind come on by the same once the ranks have found their pace. Hosts that are faster than lanes find
// theirs by themselves, since no lane holds them up; from there on lanes are looked at without them.
void run_blocks(const program::Segment& segment, const SegmentTimes::Times& times, int blocks, Ends& ends) {
  std::optional<Ends> hosts;
  for (int block = 0; block < std::max(1, blocks); ++block) {
    const Ends before = ends;
    CallPath(segment, times, ends).run();
    const int left = blocks - block - 1;
    if (left <= 0) break;
    const Paces paces(before, ends);
    if (hosts ? paces.lanes.steady() : paces.together()) {
      advance_lanes(ends, *paces.lanes.step * left);
      if (!hosts && paces.hosts.step) advance_hosts(ends, before, *paces.hosts.step * left);
      break;
    }
    if (hosts || !paces.hosts_ahead()) continue;
    hosts = ends;
    advance_hosts(*hosts, before, *paces.hosts.step * left);
    forget_hosts(ends);
  }
  for (std::size_t rank = 0; hosts && rank < ends.size(); ++rank) ends[rank].host = (*hosts)[rank].host;
}

}  // namespace pipedit::planner
