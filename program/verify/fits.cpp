#include <algorithm>

#include <fmt/format.h>

#include "program/verify/verify.h"

namespace pipedit::program {

namespace {

constexpr double kGiB = 1024.0 * 1024.0 * 1024.0;
constexpr std::size_t kNamed = 4;  // contributors that a reader can act on

double gib(Bytes bytes) { return static_cast<double>(bytes.value) / kGiB; }

std::string needs(const Program& program, DeviceId device, std::string& contributors) {
  std::vector<int> ranks;
  for (int rank = 0; rank < program.ranks(); ++rank)
    if (program.devices[static_cast<std::size_t>(rank)] == device) ranks.push_back(rank);
  const auto largest = std::ranges::max_element(
      ranks, {}, [&](int rank) { return program.memory[static_cast<std::size_t>(rank)].device(); });
  const auto& named = program.memory[static_cast<std::size_t>(*largest)].contributors;
  for (std::size_t i = 0; i < std::min(kNamed, named.size()); ++i)
    contributors += fmt::format("{}{} {:.1f}", i == 0 ? "" : ", ", named[i].role, gib(named[i].size));
  if (ranks.size() == 1) return fmt::format("rank {} needs", ranks.front());
  return fmt::format("ranks {} need together", fmt::join(ranks, ", "));
}

}  // namespace

std::optional<std::string> does_not_fit(const Program& program, const Cluster& cluster, std::optional<Bytes> limit) {
  for (std::size_t id = 0; id < cluster.devices.size(); ++id) {
    const DeviceId device{static_cast<int>(id)};
    const Bytes there = limit.value_or(cluster.devices[id].memory - cluster.devices[id].reserved);
    const Bytes peak = device_peak(program, device);
    if (peak <= there) continue;
    std::string contributors;
    const std::string who = needs(program, device, contributors);
    return fmt::format("{} {:.1f} of {:.1f} GiB: {}", who, gib(peak), gib(there), contributors);
  }
  return std::nullopt;
}

}  // namespace pipedit::program
