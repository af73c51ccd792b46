#include "simulator/costs/profile_costs.h"

#include <algorithm>

#include <fmt/format.h>

#include "core/error.h"

namespace pipedit::simulator {

using program::OpCost;
using program::OpKind;
using program::Program;

namespace {

constexpr std::string_view kFrames = "write_frames", kLastFrames = "write_frames.last";

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

// "attention.fa3" is measured and interpolated like "attention", "link.peer" like "exchange.peer".
std::string plain_kind(const std::string& kind) {
  if (kind.starts_with("attention.")) return "attention";
  if (kind.starts_with("link.")) return "exchange." + kind.substr(5);
  return kind;
}

bool is_linked(const Cluster& cluster) { return cluster.devices.size() > 1 && !cluster.links.empty(); }

// A copy inside a GPU reads and writes its memory as fast as that goes; one over a link does as fast as the link.
double share_of_links(const Cluster& cluster) {
  if (!is_linked(cluster)) return 1;
  double link = 0;
  for (const Link& one : cluster.links) link = std::max(link, one.bandwidth.value);
  const DeviceRates& rates = cluster.devices.front().rates;
  return std::min(1.0, link / (rates.memory.value * rates.memory_efficiency / 2));
}

bool on_gpus(const Profile& profile) { return profile.device == DeviceKind::gpu; }

}  // namespace

ProfileCosts::ProfileCosts(Profile profile, const Cluster& cluster, std::string attention, std::string name)
    : profile_(std::move(profile)),
      attention_(std::move(attention)),
      name_(std::move(name)),
      choice_(profile_),
      analytic_(cluster) {
  check_points();
  for (const ProfilePoint& point : profile_.points)
    kinds_[point.kind].try_emplace(point.busy, plain_kind(point.kind), profile_.device).first->second.add(point);
  fill_contention(cluster);
  for (const Device& device : cluster.devices) slots_.push_back(device.slots);
}

void ProfileCosts::check_points() const {
  for (std::size_t i = 0; i < profile_.points.size(); ++i) {
    const ProfilePoint& point = profile_.points[i];
    const std::size_t sizes = program::dimension_names(plain_kind(point.kind)).size();
    if (point.dims.size() != sizes)
      throw InputError(
          fmt::format("{}: /points/{}/dims: {} has {} sizes, got {}", name_, i, point.kind, sizes, point.dims.size()));
  }
}

// Of each transport that which was measured between devices, where the cluster has several; else that inside of one,
// less by the share that a link can cause.
void ProfileCosts::fill_contention(const Cluster& cluster) {
  const bool linked = is_linked(cluster);
  std::set<Transport> over_links;
  for (const Contention& entry : profile_.contention)
    if (entry.between_devices) over_links.insert(entry.transport);
  for (const Contention& entry : profile_.contention) {
    if (entry.between_devices != (linked && over_links.contains(entry.transport))) continue;
    const bool scaled = entry.transport == Transport::peer && !entry.between_devices;
    const double share = scaled ? share_of_links(cluster) : 1;
    contention_[{entry.kind, entry.transport}] = 1 + (entry.factor - 1) * share;
    with_contention_.insert(entry.transport);
  }
}

int ProfileCosts::busy_on(const Program& program, DeviceId device) const {
  const auto ranks = std::count(program.devices.begin(), program.devices.end(), device);
  return std::min(static_cast<int>(ranks), slots_.at(index(device)));
}

std::string ProfileCosts::kind_of(const OpCost& sizes) const {
  // Of short videos a profile holds the last frames alone, and older ones do not tell them apart.
  if (sizes.kind == kFrames && !holds(sizes.kind)) return std::string(kLastFrames);
  if (sizes.kind == kLastFrames && !holds(sizes.kind)) return std::string(kFrames);
  if (sizes.kind != "attention") return sizes.kind;
  if (attention_ != "auto" && holds("attention." + attention_)) return "attention." + attention_;
  const std::string& fastest = choice_.fastest(sizes.dims[2]);
  return fastest.empty() ? sizes.kind : "attention." + fastest;
}

Cost ProfileCosts::look_up(const Program& program, Rank rank, const OpCost& sizes) const {
  const auto kind = kinds_.find(kind_of(sizes));
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
  throw InputError(
      fmt::format("{}: no data of {} for {} ({}); run pipedit profile", name_, profile_.model, sizes.kind, text));
}

Cost ProfileCosts::task(const Program& program, const program::Task& task) const {
  return look_up(program, task.rank, program::op_cost(program, task));
}

Nanos ProfileCosts::launch(const Program& program, const program::Task& task) const {
  return analytic_.launch(program, task);
}

Cost ProfileCosts::part(const Program& program, Transport transport, const program::Part& part) const {
  OpCost sizes = program::part_cost(program, transport, part);
  if (on_gpus(profile_) && program.devices[index(part.from)] != program.devices[index(part.to)]) {
    sizes.kind.replace(0, std::string_view("exchange").size(), "link");
    if (!holds(sizes.kind)) return analytic_.part(program, transport, part);
  }
  return look_up(program, part.from, sizes);
}

std::optional<Nanos> ProfileCosts::kernel_launch(Transport transport) const {
  return analytic_.kernel_launch(transport);
}

double ProfileCosts::contention(OpKind kind, Transport transport) const {
  if (!with_contention_.contains(transport)) return analytic_.contention(kind, transport);
  const auto found = contention_.find({profile_kind(kind), transport});
  return found != contention_.end() ? found->second : 1;
}

}  // namespace pipedit::simulator
