#include "simulator/costs/profile_costs.h"

#include <algorithm>

#include "core/error.h"

namespace pipedit::simulator {

using program::OpCost;
using program::OpKind;
using program::Program;

namespace {

// Under which kind a profile holds an operation's contention.
std::string profile_kind(OpKind kind) {
  switch (kind) {
    case OpKind::project_v:
    case OpKind::project_k:
    case OpKind::project_q:
    case OpKind::out_project:
    case OpKind::mlp_down:
    case OpKind::embed_video:
      return "gemm";
    case OpKind::mlp_up:
      return "gemm_gelu";
    case OpKind::pack_k:
    case OpKind::pack_q:
      return "pack_qk";
    default:
      return std::string(program::name_of(kind));
  }
}

}  // namespace

ProfileCosts::ProfileCosts(Profile profile, const Cluster& cluster) : profile_(std::move(profile)), analytic_(cluster) {
  for (const ProfilePoint& point : profile_.points)
    kinds_[point.kind].try_emplace(point.busy, point.kind).first->second.add(point);
  for (const Contention& entry : profile_.contention) contention_[{entry.kind, entry.transport}] = entry.factor;
  for (const Device& device : cluster.devices) slots_.push_back(device.slots);
}

int ProfileCosts::busy_on(const Program& program, DeviceId device) const {
  const auto ranks = std::count(program.devices.begin(), program.devices.end(), device);
  return std::min(static_cast<int>(ranks), slots_.at(index(device)));
}

Cost ProfileCosts::look_up(const Program& program, Rank rank, const OpCost& sizes) const {
  const auto kind = kinds_.find(sizes.kind);
  if (kind == kinds_.end()) refuse(sizes);
  auto points = kind->second.upper_bound(busy_on(program, program.devices[index(rank)]));
  if (points != kind->second.begin()) --points;
  return points->second.cost(sizes.dims);
}

void ProfileCosts::refuse(const OpCost& sizes) const {
  const std::vector<std::string_view> names = program::dimension_names(sizes.kind);
  std::string text;
  for (std::size_t i = 0; i < sizes.dims.size(); ++i)
    text +=
        (i > 0 ? ", " : "") + std::string(i < names.size() ? names[i] : "size") + " " + std::to_string(sizes.dims[i]);
  throw InputError("profile of " + profile_.model + " has no data for " + sizes.kind + " (" + text +
                   "); run pipedit profile");
}

Cost ProfileCosts::task(const Program& program, const program::Task& task) const {
  return look_up(program, task.rank, program::op_cost(program, task));
}

Nanos ProfileCosts::launch(const Program& program, const program::Task& task) const {
  return analytic_.launch(program, task);
}

Cost ProfileCosts::part(const Program& program, Transport transport, const program::Part& part) const {
  return look_up(program, part.from, program::part_cost(program, transport, part));
}

double ProfileCosts::contention(OpKind kind, Transport transport) const {
  const auto found = contention_.find({profile_kind(kind), transport});
  return found == contention_.end() ? 1 : found->second;
}

}  // namespace pipedit::simulator
