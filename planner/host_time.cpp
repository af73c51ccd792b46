#include "planner/host_time.h"

#include <algorithm>

#include "planner/segment_times.h"

namespace pipedit::planner {

namespace {

using program::OpKind;
using ByRank = std::vector<Nanos>;

bool is_certain(OpKind kind) { return kind != OpKind::exchange && kind != OpKind::attention; }

ByRank enqueueing(const program::Program& program, const simulator::CostModel& costs,
                  const program::Alternative& alternative, bool certain) {
  ByRank times(program.devices.size());
  for (const program::Call& call : alternative.calls) {
    const program::Segment& segment = program.segment(call.segment);
    for (const program::Task& task : segment.tasks)
      if (!certain || is_certain(task.kind))
        times[index(task.rank)] += costs.launch(program, task) * launches_of(segment, task) * std::max(1, call.blocks);
  }
  return times;
}

Nanos busiest_of(const program::Actor& actor, const ByRank& times) {
  Nanos most{0};
  for (const Rank rank : actor.ranks) most = std::max(most, times[index(rank)]);
  return most;
}

}  // namespace

HostTime host_time(const program::Program& program, const simulator::CostModel& costs, const program::Actor& actor,
                   std::size_t request_shape) {
  HostTime host;
  ByRank sum(program.devices.size());
  for (const program::Unit& unit : actor.scripts[request_shape]) {
    const program::Alternative& plain = unit.alternatives.front();
    const ByRank times = enqueueing(program, costs, plain, false);
    for (std::size_t rank = 0; rank < sum.size(); ++rank) sum[rank] += times[rank] * unit.repeat;
    if (unit.kind != program::UnitKind::step) continue;
    host.step = busiest_of(actor, times);
    host.lent_step = busiest_of(actor, enqueueing(program, costs, plain, true));
  }
  host.request = busiest_of(actor, sum);
  return host;
}

}  // namespace pipedit::planner
