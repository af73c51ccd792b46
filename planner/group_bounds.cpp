#include "planner/group_bounds.h"

#include <algorithm>

#include <fmt/format.h>

#include "planner/families.h"
#include "program/lower/lower.h"
#include "program/verify/verify.h"

namespace pipedit::planner {

namespace {

Plan plainest(Pipeline pipeline, Transport transport) {
  return {.name = "", .pipelines = {std::move(pipeline)}, .transport = transport};
}

}  // namespace

GroupBounds::GroupBounds(const Setting& setting, Group group, Memory memory, int first_rank)
    : setting_(setting),
      pipeline_(pipeline_of(group, {.memory = memory}, first_rank)),
      program_(
          program::lower(setting.model, setting.cluster, setting.workload, plainest(pipeline_, setting.transport))),
      misfit_(program::does_not_fit(program_, setting.cluster, setting.memory_limit)),
      times_(pipeline_times(program_, setting.cluster, setting.costs).front()) {
  for (std::size_t shape = 0; shape < setting.workload.shapes.size(); ++shape) {
    hosts_.push_back(host_time(program_, setting.costs, program_.actors.front(), shape));
    floors_.emplace_back(setting.model, setting.workload, shape, program_, pipeline_, setting.cluster, setting.costs);
  }
}

PipelineTimes GroupBounds::with_steps(bool lends,
                                      const std::function<StepTime(const StepFloor&, bool lent)>& step) const {
  PipelineTimes times = times_;
  for (std::size_t shape = 0; shape < times.size(); ++shape) {
    const StepTime plain = step(floors_[shape], false), lent = lends ? step(floors_[shape], true) : plain;
    RequestTimes& request = times[shape];
    const HostTime& host = hosts_[shape];
    request.step = lends ? std::max(plain.time, host.step) : plain.time;
    request.lent_step = lends ? std::max(lent.time, host.lent_step) : plain.time;
    request.turn = lends ? Nanos{0} : host.request;
    request.turn_tail = Nanos{0};
    if (setting_.cluster.devices.size() == 1) request.step_work = std::min(plain.work, lent.work);
  }
  return times;
}

PipelineTimes GroupBounds::of(const Details& details) const {
  return with_steps(details.lent_heads > 0,
                    [&](const StepFloor& floor, bool lent) { return floor.step(details, lent); });
}

const PipelineTimes& GroupBounds::least(int lent_heads) const {
  const auto known = least_.find(lent_heads);
  if (known != least_.end()) return known->second;
  const auto step = [&](const StepFloor& floor, bool lent) { return floor.least_step(lent_heads, lent); };
  return least_.emplace(lent_heads, with_steps(lent_heads > 0, step)).first->second;
}

std::string BoundTable::place(Group group, int first_rank) {
  const auto key = std::pair(group.ranks(), first_rank);
  const auto known = places_.find(key);
  if (known != places_.end()) return known->second;
  std::string text;
  const Cluster& cluster = setting_.cluster;
  const auto kind_of = [&](DeviceId id) {  // the first equal one
    return std::ranges::find(cluster.devices, cluster.devices[index(id)]) - cluster.devices.begin();
  };
  for (int a = 0; a < group.ranks(); ++a)
    for (int b = 0; b < group.ranks(); ++b) {
      const DeviceId from = cluster.device_of(Rank{first_rank + a}), to = cluster.device_of(Rank{first_rank + b});
      text += fmt::format("{}{}:", kind_of(from), from == to ? "=" : "");
      if (from == to) continue;
      for (const Direction direction : path_between(cluster, from, to)) {
        const Link& link = cluster.links[static_cast<std::size_t>(direction) / 2];
        text += fmt::format("{} {},", link.bandwidth.value, link.latency.count());
      }
    }
  return places_.emplace(key, text).first->second;
}

const GroupBounds& BoundTable::of(Group group, Memory memory, int first_rank) {
  auto& bounds = bounds_[{group, memory, place(group, first_rank)}];
  if (!bounds) bounds = std::make_unique<GroupBounds>(setting_, group, memory, first_rank);
  return *bounds;
}

}  // namespace pipedit::planner
