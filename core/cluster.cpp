#include "core/cluster.h"

#include <algorithm>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "core/error.h"

namespace pipedit {

namespace {

using Node = std::size_t;  // devices by index, then switches in order of appearance

struct Arc {
  Direction direction = 0;
  Node to = 0;
  double bandwidth = 0;
};

struct Network {
  std::size_t devices = 0;
  std::vector<std::vector<Arc>> out;  // by node, by link id
};

Network network_of(const Cluster& cluster) {
  Network network{.devices = cluster.devices.size(), .out = {}};
  std::map<std::string, Node> nodes;
  for (Node device = 0; device < network.devices; ++device) nodes[fmt::format("gpu{}", device)] = device;
  const auto node = [&](const std::string& name) { return nodes.emplace(name, nodes.size()).first->second; };
  network.out.resize(network.devices + 2 * cluster.links.size());
  for (std::size_t i = 0; i < cluster.links.size(); ++i) {
    const Link& link = cluster.links[i];
    const Node a = node(link.a), b = node(link.b);
    const auto forth = static_cast<Direction>(2 * i);
    network.out[a].push_back({forth, b, link.bandwidth.value});
    network.out[b].push_back({forth + 1, a, link.bandwidth.value});
  }
  return network;
}

// What a node knows of its best way to the target.
struct Way {
  int hops = std::numeric_limits<int>::max();
  double width = 0;  // of the narrowest link
};

bool shorter_or_wider(const Way& a, const Way& b) { return a.hops != b.hops ? a.hops < b.hops : a.width > b.width; }

// Breadth first from the target. Links are full duplex, so the ways to a node are the ways from it. All nodes of one
// distance are settled before the first of the next, so a node's width is final when its neighbours ask for it.
std::vector<Way> ways_to(const Network& network, Node target) {
  std::vector<Way> ways(network.out.size());
  ways[target] = {0, std::numeric_limits<double>::infinity()};
  std::vector<Node> frontier = {target};
  while (!frontier.empty()) {
    std::vector<Node> next;
    for (const Node node : frontier) {
      if (node < network.devices && node != target) continue;  // an end, not a way through
      for (const Arc& arc : network.out[node]) {
        const Way way{ways[node].hops + 1, std::min(ways[node].width, arc.bandwidth)};
        if (ways[arc.to].hops > way.hops) next.push_back(arc.to);
        if (shorter_or_wider(way, ways[arc.to])) ways[arc.to] = way;
      }
    }
    frontier = std::move(next);
  }
  return ways;
}

const Arc& next_arc(const Network& network, const std::vector<Way>& ways, Node node, Node target, double width) {
  const auto& arcs = network.out[node];
  return *std::find_if(arcs.begin(), arcs.end(), [&](const Arc& arc) {
    const bool passes = arc.to == target || arc.to >= network.devices;
    return passes && ways[arc.to].hops == ways[node].hops - 1 && std::min(arc.bandwidth, ways[arc.to].width) >= width;
  });
}

bool ends_beyond(const std::string& node, std::size_t first, std::size_t devices) {
  for (std::size_t device = first; device < devices; ++device)
    if (node == fmt::format("gpu{}", device)) return true;
  return false;
}

}  // namespace

std::vector<Direction> path_between(const Cluster& cluster, DeviceId from, DeviceId to) {
  const Network network = network_of(cluster);
  const Node source = index(from), target = index(to);
  const std::vector<Way> ways = ways_to(network, target);
  if (ways[source].hops == std::numeric_limits<int>::max())
    throw InputError(fmt::format("cluster {}: no path from gpu{} to gpu{}", cluster.name, source, target));
  std::vector<Direction> path;
  for (Node node = source; node != target;) {
    const Arc& arc = next_arc(network, ways, node, target, ways[source].width);
    path.push_back(arc.direction);
    node = arc.to;
  }
  return path;
}

Cluster first_devices(const Cluster& cluster, int count) {
  const auto devices = cluster.devices.size();
  const bool one_cpu = devices == 1 && cluster.devices[0].kind == DeviceKind::cpu;
  const int most = one_cpu ? cluster.ranks_per_device : static_cast<int>(devices);
  if (count < 1 || count > most)
    throw InputError(fmt::format("cluster {}: expected 1 to {} {}, got {}", cluster.name, most,
                                 one_cpu ? "ranks" : "devices", count));
  Cluster part = cluster;
  if (one_cpu) {
    part.ranks_per_device = count;
    return part;
  }
  const auto kept = static_cast<std::size_t>(count);
  part.devices.resize(kept);
  std::erase_if(part.links, [&](const Link& link) {
    return ends_beyond(link.a, kept, devices) || ends_beyond(link.b, kept, devices);
  });
  return part;
}

}  // namespace pipedit
