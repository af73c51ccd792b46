#include <algorithm>

#include "planner/job_bound.h"

// Hosts enqueue one task after another, and a request's only after it has been drawn.
namespace pipedit::planner {

namespace {

using program::OpKind;
using program::Task;
using ByRank = std::vector<Nanos>;

// In turn, each part that is sent is a call of its own.
std::int64_t calls_for(const program::Segment& segment, const Task& task) {
  if (task.kind != OpKind::exchange) return 1;
  const program::Exchange& exchange = segment.exchanges[index(std::get<program::ExchangeShape>(task.shape).exchange)];
  if (program::reading_of(exchange.transport) == program::Reading::rendezvous) return 1;
  return std::max<std::int64_t>(1, std::ranges::count(exchange.parts, task.rank, &program::Part::from));
}

bool is_certain(const Task& task) { return task.kind != OpKind::exchange && task.kind != OpKind::attention; }

ByRank host_times(const program::Program& program, const simulator::CostModel& costs,
                  const program::Alternative& alternative, bool certain) {
  ByRank times(program.devices.size());
  for (const program::Call& call : alternative.calls) {
    const program::Segment& segment = program.segment(call.segment);
    for (const Task& task : segment.tasks)
      if (!certain || is_certain(task))
        times[index(task.rank)] += costs.launch(program, task) * calls_for(segment, task) * std::max(1, call.blocks);
  }
  return times;
}

}  // namespace

Nanos host_time(const program::Program& program, const simulator::CostModel& costs, const program::Actor& actor,
                std::size_t request_shape, bool certain) {
  ByRank sum(program.devices.size());
  for (const program::Unit& unit : actor.scripts[request_shape]) {
    const bool step = unit.kind == program::UnitKind::step;
    ByRank least = host_times(program, costs, unit.alternatives.front(), certain && step);
    for (const program::Alternative& other : unit.alternatives) {
      const ByRank times = host_times(program, costs, other, certain && step);
      for (std::size_t rank = 0; rank < least.size(); ++rank) least[rank] = std::min(least[rank], times[rank]);
    }
    for (std::size_t rank = 0; rank < sum.size(); ++rank) sum[rank] += least[rank] * unit.repeat;
  }
  Nanos most{0};
  for (const Rank rank : actor.ranks) most = std::max(most, sum[index(rank)]);
  return most;
}

}  // namespace pipedit::planner
