#include "cli/machine/gpu_warnings.h"

#include <cstdlib>
#include <string_view>

#include <fmt/format.h>

#include "cli/quantities.h"

namespace pipedit::cli {

namespace {

constexpr int kConnections = 32;  // hardware queues: ranks have five streams each

struct Throttle {
  std::uint64_t bit;
  const char* says;
};
constexpr Throttle kThrottles[] = {
    {0x08, "slows itself down (hardware slowdown): look at its power supply and cooling"},
    {0x20, "is too hot and slowed down by the driver: improve its cooling"},
    {0x40, "is too hot and slows itself down: improve its cooling"},
    {0x80, "is held back by its power supply (power brake): look at the machine's power"},
};

bool is_on(const char* value) {
  const std::string_view text = value != nullptr ? value : "";
  return !text.empty() && text != "0";
}

void add_settings(const Environment& environment, std::vector<std::string>& warnings) {
  if (is_on(environment("NCCL_P2P_DISABLE")))
    warnings.push_back("NCCL_P2P_DISABLE is set, so the transport nccl goes through the host's memory: unset it.");
  if (is_on(environment("CUDA_LAUNCH_BLOCKING")))
    warnings.push_back("CUDA_LAUNCH_BLOCKING is set, so nothing runs side by side: unset it.");
  const char* connections = environment("CUDA_DEVICE_MAX_CONNECTIONS");
  if (connections != nullptr && std::atoi(connections) < kConnections)
    warnings.push_back(
        fmt::format("CUDA_DEVICE_MAX_CONNECTIONS is {}, so streams wait for each other: unset it, or set it to {}.",
                    connections, kConnections));
}

void add_gpu(int number, const Gpu& gpu, std::vector<std::string>& warnings) {
  const auto warn = [&](const std::string& what) { warnings.push_back(fmt::format("GPU {} {}.", number, what)); };
  if (gpu.uncorrected_errors > 0)
    warn(fmt::format("had {} uncorrected memory errors: reset it, and have it replaced if more come",
                     gpu.uncorrected_errors));
  for (const Throttle& throttle : kThrottles)
    if ((gpu.throttle_reasons & throttle.bit) != 0) warn(throttle.says);
  if (gpu.pcie_width > 0 && gpu.pcie_width < gpu.most_pcie_width)
    warn(fmt::format("uses {} of its {} PCIe lanes: look at its slot, riser or cable", gpu.pcie_width,
                     gpu.most_pcie_width));
  if (gpu.free.value < gpu.memory.value / 10 * 9)
    warn(fmt::format("has {} of {} free: end what else uses it (nvidia-smi)", to_text(gpu.free), to_text(gpu.memory)));
  if (gpu.mig) warn("is cut into instances (MIG): plans are for whole GPUs");
  if (!gpu.persistent) warn("is not kept awake between programs, so each start takes seconds: nvidia-smi -pm 1");
  if (gpu.major > 0 && gpu.major < 8) warn("is older than Ampere and has no bf16: models in bf16 will not run well");
}

}  // namespace

std::vector<std::string> warnings_about(const Gpus& here, const Environment& environment) {
  std::vector<std::string> warnings;
  if (here.gpus.empty() && here.hidden == 0) return warnings;
  add_settings(environment, warnings);
  if (here.hidden > 0)
    warnings.push_back(
        fmt::format("{} more GPUs are there that this process may not use (CUDA_VISIBLE_DEVICES).", here.hidden));
  for (std::size_t i = 0; i < here.gpus.size(); ++i) add_gpu(static_cast<int>(i), here.gpus[i], warnings);
  for (const GpuPair& pair : here.pairs)
    if (!pair.peer_access)
      warnings.push_back(
          fmt::format("GPUs {} and {} cannot reach each other's memory: use the transport nccl, or allow peer access "
                      "(IOMMU and ACS off, no virtual machine between).",
                      pair.a, pair.b));
  return warnings;
}

}  // namespace pipedit::cli
