#include "cli/machine/gpu_cluster.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/machine/gpu_models.h"

namespace pipedit::cli {

namespace {

constexpr Bytes kReserved{900'000'000};  // a context with one rank's streams: 0.7 GiB on an H200
constexpr Nanos kNvlinkLatency{500}, kPcieLatency{700};
constexpr Nanos kNvlinkStart{8000}, kPcieStart{12000};  // of a transfer; measured on one H100, rounded
constexpr BytesPerSecond kBetweenSockets{20e9};         // an estimate

std::string node(std::size_t gpu) { return fmt::format("gpu{}", gpu); }

void add_nvlinks(const Gpus& here, std::vector<Link>& links) {
  const auto rate = [&](std::size_t gpu, int count) {
    return BytesPerSecond{count * nvlink_rate(here.gpus[gpu]).value};
  };
  for (const GpuPair& pair : here.pairs)
    if (pair.nvlinks > 0) {
      const auto a = static_cast<std::size_t>(pair.a), b = static_cast<std::size_t>(pair.b);
      links.push_back({node(a), node(b), rate(a, pair.nvlinks), kNvlinkLatency});
    }
  for (std::size_t i = 0; i < here.gpus.size(); ++i)
    if (here.gpus[i].nvlinks_to_switch > 0)
      links.push_back({node(i), "nvswitch", rate(i, here.gpus[i].nvlinks_to_switch), kNvlinkLatency});
}

bool all_on_nvlink(const Gpus& here) {
  const bool by_switch = std::ranges::all_of(here.gpus, [](const Gpu& gpu) { return gpu.nvlinks_to_switch > 0; });
  return by_switch || std::ranges::all_of(here.pairs, [](const GpuPair& pair) { return pair.nvlinks > 0; });
}

// The first GPU whose way to this one does not go further up than that.
std::size_t first_below(const Gpus& here, std::size_t gpu, Ancestor most) {
  for (std::size_t i = 0; i < gpu; ++i)
    if (here.pair(static_cast<int>(i), static_cast<int>(gpu)).ancestor <= most) return i;
  return gpu;
}

// A tree: GPUs behind a PCIe switch where they share one, switches behind a socket's root, roots in a row.
void add_pcie(const Gpus& here, std::vector<Link>& links) {
  std::vector<std::string> roots;
  std::vector<std::string> switches;
  const auto is_new = [](std::vector<std::string>& names, const std::string& name) {
    if (std::ranges::find(names, name) != names.end()) return false;
    names.push_back(name);
    return true;
  };
  for (std::size_t i = 0; i < here.gpus.size(); ++i) {
    const BytesPerSecond rate = pcie_rate(here.gpus[i]);
    const std::size_t socket = first_below(here, i, Ancestor::socket);
    const std::size_t beside = first_below(here, i, Ancestor::pcie_switch);
    const std::string root = fmt::format("root{}", socket), above = fmt::format("switch{}", beside);
    links.push_back({node(i), above, rate, kPcieLatency});
    if (is_new(switches, above)) links.push_back({above, root, rate, kPcieLatency});
    if (is_new(roots, root) && roots.size() > 1)
      links.push_back({roots[roots.size() - 2], root, kBetweenSockets, kNvlinkLatency});
  }
}

std::string source_of(const Gpus& here, bool estimated) {
  std::string source = "Devices, memory and links of this machine as `pipedit devices` found them. ";
  source += estimated
                ? "Rates of models that it does not know: from clocks, multiprocessors and memory bus, an estimate. "
                : "Peaks: the data sheets, in bf16. ";
  source += "Efficiencies: estimates until a profile replaces them";
  if (here.gpus.size() > 1 && !all_on_nvlink(here))
    source += "; PCIe: four fifths of its rate; between sockets 20 GB/s";
  return source + ".";
}

}  // namespace

Cluster gpu_cluster(const Gpus& here) {
  Cluster cluster;
  cluster.name = fmt::format("this-{}-gpu{}", here.gpus.size(), here.gpus.size() == 1 ? "" : "s");
  bool estimated = false;
  for (const Gpu& gpu : here.gpus) {
    const GpuModel model = model_of(gpu);
    estimated = estimated || model.estimated;
    cluster.devices.push_back({.name = model.name,
                               .kind = DeviceKind::gpu,
                               .slots = 1,
                               .memory = gpu.memory,
                               .reserved = std::min(kReserved, gpu.memory),
                               .rates = model.rates});
  }
  const bool nvlink = all_on_nvlink(here);
  if (here.gpus.size() > 1) {
    add_nvlinks(here, cluster.links);
    if (!nvlink) add_pcie(here, cluster.links);
  }
  cluster.source = source_of(here, estimated);
  cluster.host_to_device = pcie_rate(here.gpus.front());
  cluster.transfer_start = nvlink ? kNvlinkStart : kPcieStart;
  const bool peers = std::ranges::all_of(here.pairs, [](const GpuPair& pair) { return pair.peer_access; });
  cluster.transport = peers ? Transport::peer : Transport::nccl;
  return cluster;
}

}  // namespace pipedit::cli
