#include "planner/device_work.h"

#include <algorithm>

namespace pipedit::planner {

using program::Lane;
using program::OpKind;

bool is_waited_for(Lane lane) { return lane != Lane::hand && lane != Lane::writer; }

// On a CPU every lane takes a slot, and so do parts that are sent in turn.
void DeviceWork::add(const program::Program& program, const Cluster& cluster, const SegmentTimes& times,
                     program::Call call) {
  const program::Segment& segment = program.segment(call.segment);
  const SegmentTimes::Times& t = times.of(call.segment);
  const int calls = std::max(1, call.blocks);
  for (std::size_t i = 0; i < segment.tasks.size(); ++i) {
    const program::Task& task = segment.tasks[i];
    const std::size_t device = index(program.devices[index(task.rank)]);
    const bool cpu = cluster.devices[device].kind == DeviceKind::cpu;
    if (!cpu && task.lane != Lane::compute) continue;
    Nanos work = t.tasks[i];
    if (cpu && task.kind == OpKind::exchange) {
      const std::size_t id = exchange_of(task);
      const program::Exchange& exchange = segment.exchanges[id];
      const bool in_turn = program::reading_of(exchange.transport) == program::Reading::in_turn;
      for (std::size_t part = 0; in_turn && part < t.parts[id].size(); ++part)
        if (exchange.parts[part].from == task.rank) work += t.parts[id][part];
    }
    if (is_waited_for(task.lane)) barrier[device] += work * calls;
    all[device] += work * calls;
  }
}

Nanos least_time(const Cluster& cluster, DeviceId device, Nanos work) {
  const Nanos time = work / cluster.devices[index(device)].slots;
  return time - Nanos{(time.count() * cluster.ranks_per_device) >> 20} - Nanos{1};
}

Nanos busiest(const Cluster& cluster, const std::vector<Nanos>& work) {
  Nanos most{0};
  for (std::size_t device = 0; device < work.size(); ++device)
    most = std::max(most, least_time(cluster, DeviceId{static_cast<int>(device)}, work[device]));
  return most;
}

}  // namespace pipedit::planner
