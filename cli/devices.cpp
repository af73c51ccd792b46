#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/configs.h"
#include "cli/devices_text.h"
#include "cli/json_answers.h"
#include "cli/machine/gpu_cluster.h"
#include "cli/options.h"
#include "cli/output.h"

namespace pipedit::cli {

namespace {

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
    return {"devices", "Says what this machine has, and writes a cluster file for it. Needs no GPU.",
            "build/release/bin/pipedit devices -o here.json"};
  }

  void declare(Options& options) override {
    options.output("-o,--output", "CLUSTER", output_, "also writes a cluster file, for the GPUs where there are any");
    options.flag("--cpu", cpu_, "the cluster file is for the CPU, also where there are GPUs");
    options.flag("--json", json_, "the answer as JSON");
  }

  void run() override {
    const Machine machine = this_machine();
    const std::vector<std::string> warnings = warnings_about(machine);
    const bool cpu = cpu_ || machine.gpus.gpus.empty();
    if (!output_.empty()) write_file(output_, write_cluster(cpu ? cpu_cluster(machine) : gpu_cluster(machine.gpus)));
    answer(json_ ? json_of(machine, warnings) : text_of(machine, warnings));
  }

 private:
  std::string output_;
  bool cpu_ = false, json_ = false;
};

}  // namespace

std::unique_ptr<Command> devices_command() { return std::make_unique<Devices>(); }

}  // namespace pipedit::cli
