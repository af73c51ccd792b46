#include "simulator/engine/links.h"

#include <algorithm>
#include <tuple>

namespace pipedit::simulator {

namespace {

std::vector<Direction> find_path(const World& world, const PartFacts& part) {
  if (part.transport != Transport::staged)
    return path_between(*world.cluster, DeviceId{part.from_device}, DeviceId{part.to_device});
  const auto first = static_cast<Direction>(2 * world.cluster->links.size());
  return {first + 2 * part.from_device, first + 2 * part.to_device + 1};
}

Nanos latency_of(const World& world, const std::vector<Direction>& path) {
  Nanos sum{0};
  for (const Direction direction : path)
    if (const std::size_t link = static_cast<std::size_t>(direction) / 2; link < world.cluster->links.size())
      sum += world.cluster->links[link].latency;
  return sum;
}

// A part between devices, but for memory that hosts copy.
bool on_links(const PartFacts& part) { return part.from_device != part.to_device && part.transport != Transport::host; }

const Route& route(World& world, const PartFacts& part) {
  const auto key = std::tuple(part.from_device, part.to_device, part.transport == Transport::staged);
  const auto [entry, added] = world.links.routes.try_emplace(key);
  if (added) {
    entry->second.path = find_path(world, part);
    entry->second.latency = latency_of(world, entry->second.path);
  }
  return entry->second;
}

}  // namespace

void find_routes(World& world) {
  for (SegmentGraph& graph : world.graphs)
    for (PartFacts& part : graph.parts) {
      if (!on_links(part)) continue;
      part.route = &route(world, part);
      part.start_up = std::min(part.cost, world.cluster->transfer_start + part.route->latency);
    }
}

void begin_flow(World& world, Job job, const PartFacts& part, Nanos duration) {
  const double cap = static_cast<double>(part.size.value) / static_cast<double>(duration.count());
  job.kind = JobKind::flow;
  const Flow flow{.job = world.jobs.add(job, duration, world.now),
                  .from = part.from,
                  .to = part.to,
                  .cap = cap,
                  .route = part.route};
  const auto key = [](const Flow& f) { return std::tuple(f.from, f.to, f.cap); };
  std::vector<Flow>& flows = world.links.flows;
  flows.insert(
      std::upper_bound(flows.begin(), flows.end(), flow, [&](const Flow& a, const Flow& b) { return key(a) < key(b); }),
      flow);
  world.links.dirty = true;
}

void end_flow(World& world, JobId job) {
  std::erase_if(world.links.flows, [&](const Flow& flow) { return flow.job == job; });
  world.links.dirty = true;
}

void update_flow_rates(World& world) {
  Links& links = world.links;
  if (!std::exchange(links.dirty, false) || links.flows.empty()) return;
  std::vector<Demand>& demands = links.demands;
  demands.clear();
  for (const Flow& flow : links.flows) demands.push_back({flow.route->path, flow.cap});
  const std::vector<double>& shares = links.fair.of(demands, links.capacity);
  Nanos first = Nanos::max();
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const Flow& flow = links.flows[i];
    first = std::min(first, world.jobs.set_rate(flow.job, rate_of(shares[i] / flow.cap), world.now));
  }
  world.agenda.add({.time = first, .kind = EventKind::flow_done, .version = ++links.version});
}

std::vector<JobId> flows_that_ended(const World& world, const Event& event) {
  std::vector<JobId> ended;
  if (event.version != world.links.version) return ended;
  for (const Flow& flow : world.links.flows)
    if (world.jobs[flow.job].end <= world.now) ended.push_back(flow.job);
  return ended;
}

}  // namespace pipedit::simulator
