#include "cli/machine/nvml.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace pipedit::cli {

namespace {

// As NVML lays them out.
struct MemoryInfo {
  unsigned long long total = 0, free = 0, used = 0;
};
struct PciInfo {
  std::array<char, 16> legacy{};
  unsigned domain = 0, bus = 0, device = 0, ids = 0, subsystem = 0;
  std::array<char, 32> text{};  // "00000000:1B:00.0"
};

constexpr unsigned kMultiprocessorClock = 1, kMemoryClock = 2;
constexpr unsigned kUncorrected = 1, kSinceLoaded = 0;
constexpr unsigned kMostLinks = 18;
constexpr int kBoard = 0, kPcieSwitches = 20, kSocket = 40;  // levels of a common ancestor, up to

// Domains are written with four digits or with eight, letters large or small.
std::string plain(std::string bus) {
  std::transform(bus.begin(), bus.end(), bus.begin(), [](unsigned char c) { return std::tolower(c); });
  return bus.size() > 12 ? bus.substr(bus.size() - 12) : bus;
}

}  // namespace

Nvml::Nvml() : library_("libnvidia-ml.so.1") {
  works_ = library_.call("nvmlInit_v2");
  unsigned count = 0;
  if (!works_ || !library_.call("nvmlDeviceGetCount_v2", &count)) return;
  for (unsigned i = 0; i < count; ++i) {
    void* handle = nullptr;
    if (library_.call("nvmlDeviceGetHandleByIndex_v2", i, &handle)) handles_.push_back(handle);
  }
}

Nvml::~Nvml() {
  if (works_) library_.call("nvmlShutdown");
}

// NVML's functions take the device first and the answer last.
template <class Value, class... Arguments>
Value Nvml::ask(const char* function, int number, Arguments... arguments) const {
  Value value{};
  const bool known = library_.call(function, handles_[static_cast<std::size_t>(number)], arguments..., &value);
  return known ? value : Value{};
}

std::string Nvml::driver() const {
  std::array<char, 96> text{};
  library_.call("nvmlSystemGetDriverVersion", text.data(), static_cast<unsigned>(text.size()));
  return text.data();
}

std::string Nvml::bus(int number) const { return plain(ask<PciInfo>("nvmlDeviceGetPciInfo_v3", number).text.data()); }

std::optional<int> Nvml::find(const std::string& bus) const {
  for (int number = 0; number < count(); ++number)
    if (this->bus(number) == plain(bus)) return number;
  return std::nullopt;
}

Nvml::Links Nvml::links(int number) const {
  Links links;
  for (unsigned link = 0; link < kMostLinks; ++link) {
    if (ask<unsigned>("nvmlDeviceGetNvLinkState", number, link) == 0) continue;
    const std::string other = plain(ask<PciInfo>("nvmlDeviceGetNvLinkRemotePciInfo_v2", number, link).text.data());
    if (find(other))
      links.to.push_back(other);
    else
      ++links.to_switch;
  }
  return links;
}

Gpu Nvml::gpu(int number) const {
  const auto integer = [&](const char* function, auto... arguments) {
    return static_cast<int>(ask<unsigned>(function, number, arguments...));
  };
  Gpu gpu;
  std::array<char, 96> name{};
  library_.call("nvmlDeviceGetName", handles_[static_cast<std::size_t>(number)], name.data(),
                static_cast<unsigned>(name.size()));
  gpu.name = name.data();
  const auto memory = ask<MemoryInfo>("nvmlDeviceGetMemoryInfo", number);
  gpu.memory = {static_cast<std::int64_t>(memory.total)}, gpu.free = {static_cast<std::int64_t>(memory.free)};
  library_.call("nvmlDeviceGetCudaComputeCapability", handles_[static_cast<std::size_t>(number)], &gpu.major,
                &gpu.minor);
  gpu.pcie_generation = integer("nvmlDeviceGetCurrPcieLinkGeneration");
  gpu.pcie_width = integer("nvmlDeviceGetCurrPcieLinkWidth");
  gpu.most_pcie_generation = integer("nvmlDeviceGetMaxPcieLinkGeneration");
  gpu.most_pcie_width = integer("nvmlDeviceGetMaxPcieLinkWidth");
  gpu.clock_mhz = integer("nvmlDeviceGetClockInfo", kMultiprocessorClock);
  gpu.most_clock_mhz = integer("nvmlDeviceGetMaxClockInfo", kMultiprocessorClock);
  gpu.memory_clock_mhz = integer("nvmlDeviceGetMaxClockInfo", kMemoryClock);
  gpu.memory_bus_bits = integer("nvmlDeviceGetMemoryBusWidth");
  gpu.watts = integer("nvmlDeviceGetPowerUsage") / 1000.0;
  gpu.uncorrected_errors = static_cast<std::int64_t>(
      ask<unsigned long long>("nvmlDeviceGetTotalEccErrors", number, kUncorrected, kSinceLoaded));
  gpu.throttle_reasons = ask<unsigned long long>("nvmlDeviceGetCurrentClocksThrottleReasons", number);
  unsigned persistent = 1, mig = 0, pending = 0;
  library_.call("nvmlDeviceGetPersistenceMode", handles_[static_cast<std::size_t>(number)], &persistent);
  library_.call("nvmlDeviceGetMigMode", handles_[static_cast<std::size_t>(number)], &mig, &pending);
  gpu.persistent = persistent != 0, gpu.mig = mig != 0;
  gpu.nvlinks_to_switch = links(number).to_switch;
  return gpu;
}

Bytes Nvml::memory_held(int number) const {
  return {static_cast<std::int64_t>(ask<MemoryInfo>("nvmlDeviceGetMemoryInfo", number).used)};
}

GpuPair Nvml::pair(int number, int other) const {
  GpuPair pair;
  const std::vector<std::string> ends = links(number).to;
  pair.nvlinks = static_cast<int>(std::count(ends.begin(), ends.end(), bus(other)));
  int level = kSocket + 1;
  library_.call("nvmlDeviceGetTopologyCommonAncestor", handles_[static_cast<std::size_t>(number)],
                handles_[static_cast<std::size_t>(other)], &level);
  pair.ancestor = level <= kBoard          ? Ancestor::board
                  : level <= kPcieSwitches ? Ancestor::pcie_switch
                  : level <= kSocket       ? Ancestor::socket
                                           : Ancestor::machine;
  return pair;
}

}  // namespace pipedit::cli
