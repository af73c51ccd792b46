#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/configs.h"
#include "cli/json_answers.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/quantities.h"
#include "core/version.h"

namespace pipedit::cli {

namespace {

std::string text_of(const Machine& machine) {
  std::string text =
      fmt::format("CPU      {}, {} cores\n", machine.cpu.empty() ? "unnamed" : machine.cpu, machine.cores);
  text += fmt::format("memory   {}\n", to_text(machine.memory));
  if (machine.gpus.empty()) text += "GPU      none\n";
  for (std::size_t i = 0; i < machine.gpus.size(); ++i) text += fmt::format("GPU {}    {}\n", i, machine.gpus[i]);
  if (!machine.driver.empty()) text += fmt::format("driver   {}\n", machine.driver);
  text += fmt::format("kernel   {}\npipedit  {}\n", machine.kernel, kVersion);
  for (const std::string& warning : warnings_about(machine)) text += "warning  " + warning + "\n";
  return text;
}

// The shipped description of a CPU, with what this one has. Its rates stay estimates until a profile replaces them.
Cluster cpu_cluster(const Machine& machine) {
  Cluster cluster = load_cluster("cpu");
  Device& device = cluster.devices.at(0);
  device.slots = machine.cores;
  device.memory = machine.memory;
  if (!machine.cpu.empty()) device.name = machine.cpu;
  cluster.name = "this-cpu";
  cluster.source =
      fmt::format("Cores and memory of this machine as `pipedit devices` found them. Rates: {}", cluster.source);
  return cluster;
}

class Devices : public Command {
 public:
  About about() const override {
    return {"devices", "Says what this machine has, and writes a cluster file for its CPU. Needs no GPU.",
            "build/release/bin/pipedit devices -o this-cpu.json"};
  }

  void declare(Options& options) override {
    options.text("-o,--output", "CLUSTER", output_, "also writes a cluster file for the CPU");
    options.flag("--json", json_, "the answer as JSON");
  }

  void run() override {
    const Machine machine = this_machine();
    if (!output_.empty()) write_file(output_, write_cluster(cpu_cluster(machine)));
    answer(json_ ? json_of(machine, warnings_about(machine)) : text_of(machine));
  }

 private:
  std::string output_;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> devices_command() { return std::make_unique<Devices>(); }

}  // namespace pipedit::cli
