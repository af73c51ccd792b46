#include "planner/segment_times.h"

#include <algorithm>

namespace pipedit::planner {

using program::OpKind;
using program::Task;

std::size_t exchange_of(const Task& task) { return index(std::get<program::ExchangeShape>(task.shape).exchange); }

std::int64_t launches_of(const program::Segment& segment, const Task& task) {
  if (task.kind != OpKind::exchange) return 1;
  const program::Exchange& exchange = segment.exchanges[exchange_of(task)];
  if (program::reading_of(exchange.transport) == program::Reading::rendezvous) return 1;
  return std::max<std::int64_t>(1, std::ranges::count(exchange.parts, task.rank, &program::Part::from));
}

SegmentTimes::SegmentTimes(const program::Program& program, const simulator::CostModel& costs) {
  for (const program::Segment& segment : program.segments) {
    Times times;
    times.members.assign(segment.exchanges.size(), std::vector<int>(program.devices.size(), -1));
    for (std::size_t i = 0; i < segment.tasks.size(); ++i) {
      const Task& task = segment.tasks[i];
      const bool moves = task.kind == OpKind::exchange;
      times.tasks.push_back(moves ? Nanos{0} : costs.task(program, task).time);
      times.launches.push_back(costs.launch(program, task) * launches_of(segment, task));
      if (moves) times.members[exchange_of(task)][index(task.rank)] = static_cast<int>(i);
    }
    for (const program::Exchange& exchange : segment.exchanges) {
      std::vector<Nanos>& parts = times.parts.emplace_back();
      for (const program::Part& part : exchange.parts)
        parts.push_back(costs.part(program, exchange.transport, part).time);
    }
    times_.push_back(std::move(times));
  }
}

}  // namespace pipedit::planner
