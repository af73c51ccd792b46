#include "planner/longest_path.h"

#include <algorithm>
#include <array>

namespace pipedit::planner {

using program::Lane;
using program::OpKind;

SegmentTimes::SegmentTimes(const program::Program& program, const simulator::CostModel& costs) {
  for (const program::Segment& segment : program.segments) {
    Times times;
    for (const program::Task& task : segment.tasks)
      times.tasks.push_back(task.kind == OpKind::exchange ? Nanos{0} : costs.task(program, task).time);
    for (const program::Exchange& exchange : segment.exchanges) {
      std::vector<Nanos>& parts = times.parts.emplace_back();
      for (const program::Part& part : exchange.parts)
        parts.push_back(costs.part(program, exchange.transport, part).time);
    }
    times_.push_back(std::move(times));
  }
}

namespace {

using LaneEnds = std::vector<std::array<Nanos, program::kLanes>>;  // by rank

// One call of a segment, from where the lanes stand.
class CallPath {
 public:
  CallPath(const program::Segment& segment, const SegmentTimes::Times& times, LaneEnds& lanes)
      : segment_(segment),
        times_(times),
        lanes_(lanes),
        ends_(segment.tasks.size(), Nanos{0}),
        arrivals_(segment.exchanges.size()),
        meetings_(segment.exchanges.size()) {
    for (std::vector<Nanos>& arrival : arrivals_) arrival.assign(lanes.size(), Nanos{0});
    for (const program::Task& task : segment.tasks)
      if (task.kind == OpKind::exchange) ++meetings_[exchange_of(task)].expected;
  }

  void run() {
    for (std::size_t i = 0; i < segment_.tasks.size(); ++i) {
      const program::Task& task = segment_.tasks[i];
      Nanos& lane = lanes_[index(task.rank)][static_cast<std::size_t>(task.lane)];
      const Nanos start = std::max(lane, ready(task));
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

  static std::size_t exchange_of(const program::Task& task) {
    return index(std::get<program::ExchangeShape>(task.shape).exchange);
  }

  // Waits for later tasks of the list would count as met: a lower bound all the same.
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
    std::vector<Nanos> busy(lanes_.size(), Nanos{0});
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const Nanos time = times_.parts[id][i];
      Nanos& arrival = arrivals_[id][index(parts[i].to)];
      arrival = std::max(arrival, meeting.start + time);
      for (const Rank rank : {parts[i].from, parts[i].to}) busy[index(rank)] = std::max(busy[index(rank)], time);
    }
    for (const std::size_t member : meeting.members) {
      const program::Task& at = segment_.tasks[member];
      ends_[member] = meeting.start + busy[index(at.rank)];
      Nanos& lane = lanes_[index(at.rank)][static_cast<std::size_t>(at.lane)];
      lane = std::max(lane, ends_[member]);
    }
  }

  const program::Segment& segment_;
  const SegmentTimes::Times& times_;
  LaneEnds& lanes_;
  std::vector<Nanos> ends_;
  std::vector<std::vector<Nanos>> arrivals_;  // by exchange and rank
  std::vector<Meeting> meetings_;
};

// How far every lane that moved came on, where all came on equally.
bool moved_together(const LaneEnds& before, const LaneEnds& after, Nanos& step) {
  step = Nanos{-1};
  for (std::size_t rank = 0; rank < after.size(); ++rank)
    for (std::size_t lane = 0; lane < after[rank].size(); ++lane) {
      const Nanos moved = after[rank][lane] - before[rank][lane];
      if (after[rank][lane] == Nanos{0}) continue;
      if (step >= Nanos{0} && moved != step) return false;
      step = moved;
    }
  return step >= Nanos{0};
}

void advance(LaneEnds& lanes, Nanos by) {
  for (auto& rank : lanes)
    for (Nanos& lane : rank)
      if (lane > Nanos{0}) lane += by;
}

// Blocks of one kind come on by the same once the ranks have found their pace.
void run_blocks(const program::Segment& segment, const SegmentTimes::Times& times, int blocks, LaneEnds& lanes) {
  for (int block = 0; block < std::max(1, blocks); ++block) {
    const LaneEnds before = lanes;
    CallPath(segment, times, lanes).run();
    Nanos step{0};
    if (block + 1 < blocks && moved_together(before, lanes, step)) return advance(lanes, step * (blocks - block - 1));
  }
}

bool is_waited_for(Lane lane) { return lane != Lane::hand && lane != Lane::writer; }

// Work of devices: on lanes that a barrier waits for, and on all.
struct Work {
  std::vector<Nanos> barrier, all;

  void add(std::size_t device, Lane lane, Nanos work) {
    if (is_waited_for(lane)) barrier[device] += work;
    all[device] += work;
  }
};

// On a CPU every lane takes a slot, and so do parts that are sent in turn.
void add_work(const program::Program& program, const Cluster& cluster, const SegmentTimes& times, program::Call call,
              Work& work) {
  const program::Segment& segment = program.segment(call.segment);
  const SegmentTimes::Times& t = times.of(call.segment);
  const int calls = std::max(1, call.blocks);
  for (std::size_t i = 0; i < segment.tasks.size(); ++i) {
    const program::Task& task = segment.tasks[i];
    const std::size_t device = index(program.devices[index(task.rank)]);
    const bool cpu = cluster.devices[device].kind == DeviceKind::cpu;
    if (task.lane == Lane::compute || cpu) work.add(device, task.lane, t.tasks[i] * calls);
    if (!cpu || task.kind != OpKind::exchange) continue;
    const std::size_t id = index(std::get<program::ExchangeShape>(task.shape).exchange);
    if (program::reading_of(segment.exchanges[id].transport) != program::Reading::in_turn) continue;
    for (std::size_t part = 0; part < t.parts[id].size(); ++part)
      if (segment.exchanges[id].parts[part].from == task.rank) work.add(device, task.lane, t.parts[id][part] * calls);
  }
}

Nanos busiest(const Cluster& cluster, const std::vector<Nanos>& work) {
  Nanos most{0};
  for (std::size_t device = 0; device < work.size(); ++device)
    most = std::max(most, least_time(cluster, DeviceId{static_cast<int>(device)}, work[device]));
  return most;
}

}  // namespace

Nanos least_time(const Cluster& cluster, DeviceId device, Nanos work) {
  const Nanos time = work / cluster.devices[index(device)].slots;
  return time - Nanos{(time.count() * cluster.ranks_per_device) >> 20} - Nanos{1};
}

UnitTime unit_time(const program::Program& program, const Cluster& cluster, const SegmentTimes& times,
                   const program::Alternative& alternative) {
  LaneEnds lanes(program.devices.size());
  Work work{std::vector<Nanos>(cluster.devices.size()), std::vector<Nanos>(cluster.devices.size())};
  for (const program::Call& call : alternative.calls) {
    run_blocks(program.segment(call.segment), times.of(call.segment), call.blocks, lanes);
    add_work(program, cluster, times, call, work);
  }
  UnitTime unit{.barrier = busiest(cluster, work.barrier), .all = {}, .work = busiest(cluster, work.all)};
  unit.all = unit.work;
  for (const auto& rank : lanes)
    for (std::size_t lane = 0; lane < rank.size(); ++lane) {
      unit.all = std::max(unit.all, rank[lane]);
      if (is_waited_for(static_cast<Lane>(lane))) unit.barrier = std::max(unit.barrier, rank[lane]);
    }
  return unit;
}

}  // namespace pipedit::planner
