#include "cli/devices_text.h"

#include <fmt/format.h>

#include "cli/machine/library_versions.h"
#include "cli/quantities.h"
#include "cli/table.h"
#include "core/version.h"

namespace pipedit::cli {

namespace {

std::string pcie(int generation, int width) { return fmt::format("{} x{}", generation, width); }

std::string table_of(const std::vector<Gpu>& gpus) {
  using enum Table::Align;
  Table table({{"gpu", right},
               {"name"},
               {"free", right},
               {"memory", right},
               {"SMs", right},
               {"capability", right},
               {"clock_mhz", right},
               {"power_w", right},
               {"PCIe_now", right},
               {"PCIe_most", right}});
  for (std::size_t i = 0; i < gpus.size(); ++i) {
    const Gpu& gpu = gpus[i];
    table.add({std::to_string(i), gpu.name, to_text(gpu.free), to_text(gpu.memory), std::to_string(gpu.multiprocessors),
               fmt::format("{}.{}", gpu.major, gpu.minor), fmt::format("{} of {}", gpu.clock_mhz, gpu.most_clock_mhz),
               fmt::format("{:.0f}", gpu.watts), pcie(gpu.pcie_generation, gpu.pcie_width),
               pcie(gpu.most_pcie_generation, gpu.most_pcie_width)});
  }
  return table.text();
}

std::string table_of_pairs(const Gpus& here) {
  Table table({{"gpus"}, {"way"}, {"peer_access"}});
  for (const GpuPair& pair : here.pairs)
    table.add({fmt::format("{}-{}", pair.a, pair.b), way_between(here, pair), pair.peer_access ? "yes" : "no"});
  return table.text();
}

std::string text_of(const Gpus& here) {
  if (here.gpus.empty()) return fmt::format("GPU      none: {}\n", here.missing);
  std::string text = fmt::format("driver   {}, for CUDA up to {}\n", here.driver, cuda_version(here.cuda));
  for (const auto& [name, version] : library_versions()) text += fmt::format("{:<8} {}\n", name, version);
  text += "\n" + table_of(here.gpus);
  if (!here.pairs.empty()) text += "\n" + table_of_pairs(here);
  return text;
}

}  // namespace

std::string way_between(const Gpus& here, const GpuPair& pair) {
  if (pair.nvlinks > 0) return fmt::format("NVLink x{}", pair.nvlinks);
  const auto to_switch = [&](int gpu) { return here.gpus[static_cast<std::size_t>(gpu)].nvlinks_to_switch; };
  if (to_switch(pair.a) > 0 && to_switch(pair.b) > 0) return fmt::format("NVLink x{}, a switch", to_switch(pair.a));
  switch (pair.ancestor) {
    case Ancestor::board:
      return "PCIe, one board";
    case Ancestor::pcie_switch:
      return "PCIe, one switch";
    case Ancestor::socket:
      return "PCIe, one socket";
    case Ancestor::machine:
      return "PCIe, between sockets";
  }
  return "";
}

std::string text_of(const Machine& machine, const std::vector<std::string>& warnings) {
  std::string text =
      fmt::format("CPU      {}, {} cores\n", machine.cpu.empty() ? "unnamed" : machine.cpu, machine.cores);
  text += fmt::format("memory   {}\n", to_text(machine.memory));
  text += fmt::format("kernel   {}\npipedit  {}\n", machine.kernel, kVersion);
  text += text_of(machine.gpus);
  for (const std::string& warning : warnings) text += "warning  " + warning + "\n";
  return text;
}

}  // namespace pipedit::cli
