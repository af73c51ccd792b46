#include "planner/longest_path.h"

#include <algorithm>

namespace pipedit::planner {

namespace {

// Units behind one another; time counts from the start of the one that is looked at.
class UnitPath {
 public:
  UnitPath(const program::Program& program, const Cluster& cluster, const SegmentTimes& times)
      : program_(program), cluster_(cluster), times_(times), ends_(program.devices.size()) {}

  void hosts_begin(const std::vector<Rank>& ranks) {
    for (const Rank rank : ranks) ends_[index(rank)].host = Nanos{0};
  }
  void hosts_begin() {
    for (RankEnds& rank : ends_) rank.host = Nanos{0};
  }

  UnitTime run(const program::Alternative& alternative) {
    for (RankEnds& rank : ends_) rank.lanes = {};
    DeviceWork work(cluster_);
    for (const program::Call& call : alternative.calls) {
      run_blocks(program_.segment(call.segment), times_.of(call.segment), call.blocks, ends_);
      work.add(program_, cluster_, times_, call);
    }
    UnitTime unit{.barrier = busiest(cluster_, work.barrier), .all = {}, .work = busiest(cluster_, work.all)};
    unit.all = unit.work;
    for (const RankEnds& rank : ends_)
      for (std::size_t lane = 0; lane < rank.lanes.size(); ++lane) {
        unit.all = std::max(unit.all, rank.lanes[lane]);
        if (is_waited_for(static_cast<program::Lane>(lane))) unit.barrier = std::max(unit.barrier, rank.lanes[lane]);
      }
    return unit;
  }

  // To the start of the next unit. Its hosts have waited for the start of the one that was run.
  void step_on(Nanos time) {
    for (RankEnds& rank : ends_)
      if (rank.host > kLongAgo / 2) rank.host = std::max(rank.host, Nanos{0}) - time;
  }

  const Ends& ends() const { return ends_; }

 private:
  const program::Program& program_;
  const Cluster& cluster_;
  const SegmentTimes& times_;
  Ends ends_;
};

// Of repeated units, until hosts keep their distance.
Nanos repeated(UnitPath& path, const program::Unit& unit) {
  Nanos sum{0};
  Ends before;
  for (int i = 0; i < unit.repeat; ++i) {
    const Nanos time = path.run(unit.alternatives.front()).barrier;
    sum += time;
    path.step_on(time);
    Ends after = path.ends();
    if (after == before) return sum + time * (unit.repeat - i - 1);
    before = std::move(after);
  }
  return sum;
}

}  // namespace

UnitTime unit_time(const program::Program& program, const Cluster& cluster, const SegmentTimes& times,
                   const program::Alternative& alternative, Hosts hosts) {
  UnitPath path(program, cluster, times);
  if (hosts == Hosts::at_start) path.hosts_begin();
  return path.run(alternative);
}

RequestTime request_time(const program::Program& program, const Cluster& cluster, const SegmentTimes& times,
                         const program::Actor& actor, std::size_t request_shape) {
  UnitPath path(program, cluster, times);
  path.hosts_begin(actor.ranks);
  RequestTime request;
  for (const program::Unit& unit : actor.scripts[request_shape]) {
    if (unit.kind == program::UnitKind::step) {
      request.drained += repeated(path, unit);
      request.all = request.drained;
      continue;
    }
    const UnitTime time = path.run(unit.alternatives.front());
    request.all = request.drained + time.all;
    request.drained += unit.kind == program::UnitKind::hand ? time.all : time.barrier;
    path.step_on(time.barrier);
  }
  return request;
}

}  // namespace pipedit::planner
