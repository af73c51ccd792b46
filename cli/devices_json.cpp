#include "cli/devices_text.h"
#include "cli/json_answers.h"
#include "cli/machine/library_versions.h"
#include "core/json.h"
#include "core/version.h"

namespace pipedit::cli {

namespace {

Json to_json(const Gpu& gpu) {
  return {{"name", gpu.name},
          {"memory_bytes", gpu.memory.value},
          {"free_bytes", gpu.free.value},
          {"multiprocessors", gpu.multiprocessors},
          {"compute_capability", {gpu.major, gpu.minor}},
          {"clock_mhz", gpu.clock_mhz},
          {"most_clock_mhz", gpu.most_clock_mhz},
          {"power_w", gpu.watts},
          {"pcie_generation", gpu.pcie_generation},
          {"pcie_width", gpu.pcie_width},
          {"most_pcie_generation", gpu.most_pcie_generation},
          {"most_pcie_width", gpu.most_pcie_width},
          {"nvlinks_to_switch", gpu.nvlinks_to_switch},
          {"uncorrected_errors", gpu.uncorrected_errors}};
}

}  // namespace

std::string json_of(const Machine& machine, const std::vector<std::string>& warnings) {
  Json answer = Json::object();
  answer["cpu"] = machine.cpu;
  answer["cores"] = machine.cores;
  answer["memory_bytes"] = machine.memory.value;
  answer["gpus"] = Json::array();
  for (const Gpu& gpu : machine.gpus.gpus) answer["gpus"].push_back(to_json(gpu));
  answer["links"] = Json::array();
  for (const GpuPair& pair : machine.gpus.pairs)
    answer["links"].push_back({{"gpus", {pair.a, pair.b}},
                               {"way", way_between(machine.gpus, pair)},
                               {"nvlinks", pair.nvlinks},
                               {"peer_access", pair.peer_access}});
  answer["gpus_missing"] = machine.gpus.missing;
  answer["driver"] = machine.gpus.driver;
  answer["libraries"] = Json::object();
  if (!machine.gpus.gpus.empty())
    for (const auto& [name, version] : library_versions()) answer["libraries"][name] = version;
  answer["kernel"] = machine.kernel;
  answer["pipedit"] = kVersion;
  answer["warnings"] = warnings;
  return to_text(answer);
}

}  // namespace pipedit::cli
