#include "cli/machine/machine.h"

#include <sched.h>
#include <sys/utsname.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "cli/machine/gpu_warnings.h"

namespace pipedit::cli {

namespace {

namespace fs = std::filesystem;

std::string first_line(const fs::path& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  return line;
}

// What stands behind `key` and a colon in files such as /proc/cpuinfo; empty where nothing does.
std::string value_of(const fs::path& path, std::string_view key) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    const auto colon = line.find(':');
    if (!line.starts_with(key) || colon == std::string::npos) continue;
    const auto value = line.find_first_not_of(" \t", colon + 1);
    return value == std::string::npos ? "" : line.substr(value);
  }
  return "";
}

int usable_cores() {
  cpu_set_t set;
  CPU_ZERO(&set);
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

// "150000 100000": one and a half cores; "max 100000": all.
double core_quota() {
  std::istringstream line(first_line("/sys/fs/cgroup/cpu.max"));
  double quota = 0, period = 0;
  return line >> quota >> period && period > 0 ? quota / period : 0;
}

Bytes usable_memory() {
  Bytes memory{std::strtoll(value_of("/proc/meminfo", "MemTotal").c_str(), nullptr, 10) * 1024};
  const std::string limit = first_line("/sys/fs/cgroup/memory.max");
  const std::int64_t most = std::strtoll(limit.c_str(), nullptr, 10);  // "max" reads as 0
  return most > 0 ? std::min(memory, Bytes{most}) : memory;
}

std::string kernel_version() {
  utsname name{};
  return uname(&name) == 0 ? fmt::format("{} {}", name.sysname, name.release) : "";
}

}  // namespace

Machine this_machine() {
  Machine machine;
  machine.cpu = value_of("/proc/cpuinfo", "model name");
  machine.cores = usable_cores();
  machine.quota = core_quota();
  machine.memory = usable_memory();
  machine.gpus = gpus_here();
  machine.kernel = kernel_version();
  return machine;
}

std::vector<std::string> warnings_about(const Machine& machine) {
  std::vector<std::string> warnings;
  if (machine.quota > 0 && machine.quota < machine.cores)
    warnings.push_back(fmt::format("A control group holds this process to {:.1f} of {} cores: times will be unsteady.",
                                   machine.quota, machine.cores));
  if (first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor") == "powersave")
    warnings.push_back("The CPU's frequency governor is powersave: short operations will look slow.");
  if (machine.memory < Bytes{4LL << 30})
    warnings.push_back("Less than 4 GiB of memory: only small models and videos will fit.");
  const auto of_gpus = warnings_about(machine.gpus, [](const char* name) { return std::getenv(name); });
  warnings.insert(warnings.end(), of_gpus.begin(), of_gpus.end());
  return warnings;
}

}  // namespace pipedit::cli
