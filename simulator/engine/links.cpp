#include "simulator/engine/links.h"

#include <algorithm>
#include <limits>
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

namespace {

struct Shared {
  double left = 0;  // bytes per nanosecond
  int flows = 0;    // that have no share yet
};

// Progressive filling: all flows grow alike until one meets its cap or a direction is full.
class Filling {
 public:
  Filling(const std::vector<Flow>& flows, const std::vector<double>& capacity)
      : flows_(flows), shared_(capacity.size()), shares_(flows.size(), -1) {
    for (std::size_t d = 0; d < capacity.size(); ++d) shared_[d].left = capacity[d];
    for (const Flow& flow : flows)
      for (const Direction d : flow.route->path) {
        Shared& direction = at(d);
        ++direction.flows;
        direction.left = std::max(direction.left, flow.cap);  // alone, a part takes what was measured
      }
  }

  std::vector<double> fill() {
    fill_uncontended();
    while (open_ > 0) fill_next();
    return shares_;
  }

 private:
  Shared& at(Direction d) { return shared_[static_cast<std::size_t>(d)]; }

  void fill_uncontended() {
    for (std::size_t i = 0; i < flows_.size(); ++i) {
      const bool alone = std::all_of(flows_[i].route->path.begin(), flows_[i].route->path.end(),
                                     [&](Direction d) { return at(d).flows == 1; });
      ++open_;
      if (alone) settle(i, flows_[i].cap);
    }
  }

  void fill_next() {
    double level = std::numeric_limits<double>::infinity();
    std::size_t full = 0;
    for (std::size_t d = 0; d < shared_.size(); ++d) {
      if (shared_[d].flows == 0) continue;
      const double share = shared_[d].left / shared_[d].flows;
      if (share < level) level = share, full = d;
    }
    if (fill_capped(level)) return;
    for (std::size_t i = 0; i < flows_.size(); ++i) {
      const std::vector<Direction>& path = flows_[i].route->path;
      if (shares_[i] < 0 && std::find(path.begin(), path.end(), static_cast<Direction>(full)) != path.end())
        settle(i, level);
    }
  }

  // Flows that the level would carry past their cap.
  bool fill_capped(double level) {
    bool any = false;
    for (std::size_t i = 0; i < flows_.size(); ++i) {
      if (shares_[i] >= 0 || flows_[i].cap > level) continue;
      settle(i, flows_[i].cap);
      any = true;
    }
    return any;
  }

  void settle(std::size_t flow, double share) {
    shares_[flow] = share;
    --open_;
    for (const Direction d : flows_[flow].route->path) {
      at(d).left -= share;
      --at(d).flows;
    }
  }

  const std::vector<Flow>& flows_;
  std::vector<Shared> shared_;
  std::vector<double> shares_;
  int open_ = 0;
};

}  // namespace

std::vector<double> fair_shares(const std::vector<Flow>& flows, const std::vector<double>& capacity) {
  return Filling(flows, capacity).fill();
}

void update_flow_rates(World& world) {
  Links& links = world.links;
  if (!std::exchange(links.dirty, false) || links.flows.empty()) return;
  const std::vector<double> shares = fair_shares(links.flows, links.capacity);
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
