#include <algorithm>

#include <fmt/format.h>

#include "program/verify/verify.h"

namespace pipedit::program {

namespace {

constexpr double kMiB = 1024.0 * 1024.0, kGiB = 1024 * kMiB;
constexpr std::size_t kNamed = 4;  // contributors that a reader can act on

// One for a whole sentence.
struct BytesUnit {
  double size = kGiB;
  const char* name = "GiB";
  double of(Bytes bytes) const { return static_cast<double>(bytes.value) / size; }
};

BytesUnit unit_for(Bytes bytes) {
  return static_cast<double>(bytes.value) < kGiB ? BytesUnit{kMiB, "MiB"} : BytesUnit{};
}

std::vector<int> ranks_on(const Program& program, DeviceId device) {
  std::vector<int> ranks;
  for (int rank = 0; rank < program.ranks(); ++rank)
    if (program.devices[static_cast<std::size_t>(rank)] == device) ranks.push_back(rank);
  return ranks;
}

// Of the rank that needs most.
std::string contributors(const Program& program, DeviceId device, BytesUnit unit) {
  const auto ranks = ranks_on(program, device);
  const auto largest = std::ranges::max_element(
      ranks, {}, [&](int rank) { return program.memory[static_cast<std::size_t>(rank)].device(); });
  const auto& named = program.memory[static_cast<std::size_t>(*largest)].contributors;
  std::string text;
  for (std::size_t i = 0; i < std::min(kNamed, named.size()); ++i)
    text += fmt::format("{}{} {:.1f}", i == 0 ? "" : ", ", named[i].role, unit.of(named[i].size));
  return text;
}

}  // namespace

std::string who_needs(const Program& program, DeviceId device) {
  const auto ranks = ranks_on(program, device);
  if (ranks.size() == 1) return fmt::format("rank {} needs", ranks.front());
  return fmt::format("ranks {} need together", fmt::join(ranks, ", "));
}

std::optional<std::string> does_not_fit(const Program& program, const Cluster& cluster, std::optional<Bytes> limit) {
  for (std::size_t id = 0; id < cluster.devices.size(); ++id) {
    const DeviceId device{static_cast<int>(id)};
    const Bytes there = limit.value_or(cluster.devices[id].memory - cluster.devices[id].reserved);
    const Bytes peak = device_peak(program, device);
    if (peak <= there) continue;
    const BytesUnit unit = unit_for(peak);
    return fmt::format("{} {:.1f} of {:.1f} {}: {}", who_needs(program, device), unit.of(peak), unit.of(there),
                       unit.name, contributors(program, device, unit));
  }
  return std::nullopt;
}

}  // namespace pipedit::program
