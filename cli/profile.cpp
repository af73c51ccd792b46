#include <charconv>
#include <chrono>
#include <ctime>
#include <filesystem>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/configs.h"
#include "cli/environment.h"
#include "cli/headline.h"
#include "cli/inputs.h"
#include "cli/interrupt.h"
#include "cli/json_answers.h"
#include "cli/machine/gpu_cluster.h"
#include "cli/machine/library_versions.h"
#include "cli/machine/machine.h"
#include "cli/open_module.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/profile_request.h"
#include "cli/profile_text.h"
#include "cli/quantities.h"
#include "core/error.h"
#include "core/version.h"

namespace pipedit::cli {

namespace {

std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm date{};
  gmtime_r(&now, &date);
  return fmt::format("{:04}-{:02}-{:02}", date.tm_year + 1900, date.tm_mon + 1, date.tm_mday);
}

std::map<std::string, std::string> fingerprint(const Machine& machine, bool on_gpu) {
  std::map<std::string, std::string> facts = {{"cpu", machine.cpu},
                                              {"cores", std::to_string(machine.cores)},
                                              {"memory", to_text(machine.memory)},
                                              {"kernel", machine.kernel},
                                              {"date", today()},
                                              {"pipedit", kVersion},
                                              {"state", "sustained"}};
  if (!on_gpu || machine.gpus.gpus.empty()) return facts;
  facts["gpu"] = machine.gpus.gpus.front().name;
  facts["gpus"] = std::to_string(machine.gpus.gpus.size());
  facts["driver"] = machine.gpus.driver;
  for (const auto& [name, version] : library_versions()) facts[name] = version;
  facts["model"] = "few blocks of each kind, random weights";
  return facts;
}

// How the GPU stood right behind the measurements.
void add_state(Profile& profile) {
  const Gpus here = gpus_here();
  const auto number = static_cast<std::size_t>(measured_gpu(profile).value_or(0));
  if (number >= here.gpus.size()) return;
  const Gpu& gpu = here.gpus[number];
  profile.machine["clock_mhz"] = fmt::format("{} of {}", gpu.clock_mhz, gpu.most_clock_mhz);
  profile.machine["power_w"] = fmt::format("{:.0f}", gpu.watts);
}

// A length beside the first: "1280x720x129".
RequestShape parse_length(const std::string& text, RequestShape like) try {
  const auto last = text.rfind('x');
  const auto extent = last == std::string::npos ? std::nullopt : parse_extent(text.substr(0, last));
  const char* end = text.data() + text.size();
  if (!extent || std::from_chars(text.data() + last + 1, end, like.frames).ptr != end || last + 1 == text.size())
    throw InputError("expected WIDTHxHEIGHTxFRAMES such as 1280x720x129");
  like.width = extent->first, like.height = extent->second;
  return uniform_workload(like, 1).shapes.front();
} catch (InputError& e) {
  e.add_context("--also " + text);
  throw;
}

class ProfileCommand : public Command {
 public:
  About about() const override {
    return {"profile",
            "Measures the operations that plans of a model need on this machine. Needs a GPU with --device cuda alone.",
            "build/release/bin/pipedit profile --model hunyuanvideo-tiny --gpus 1 --size 64x64 --frames 5 -o "
            "this.profile.json",
            variables_of_runs()};
  }

  void declare(Options& options) override {
    model_.declare(options);
    options.input("--cluster", "C", cluster_,
                  "this machine: a name or a file that `devices -o` wrote (default: found)");
    options.integer("--gpus", "N", gpus_, 1, 64, "plans of up to N ranks (default: 4 on a CPU, 8 on GPUs)");
    workload_.declare(options);
    options.texts("--also", "WxHxF", also_, "lengths to measure too: 1280x720x129");
    options.choice("--device", device_, {"cpu", "cuda"}, "what to measure");
    options.integer("--longest", "MS", longest_, 1, 600'000, "milliseconds that one stretch of tasks may take");
    options.integer("--sustain", "S", sustain_, 0, 600,
                    "seconds of work before a GPU is measured: clocks of long runs");
    options.output("-o,--output", "FILE", output_, "profile to write");
    options.required();
    options.flag("--json", json_, "the answer as JSON");
  }

  void run() override {
    const InterruptFlag interrupt;
    const Machine machine = this_machine();
    ProfileRequest request = this->request(machine);
    request.stop = &interrupt.flag();
    Profile profile;
    profile.model = request.model.name;
    profile.device = on_gpu() ? DeviceKind::gpu : DeviceKind::cpu;
    profile.machine = fingerprint(machine, on_gpu());
    const auto begin = std::chrono::steady_clock::now();
    measure(request, profile);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    if (on_gpu()) add_state(profile);
    write_file(output_, write_profile(profile));
    std::filesystem::remove(request.part);
    remark(fmt::format("measured in {:.0f} s", took.count()));
    answer(json_ ? json_of(profile) : text_of(profile, output_));
  }

 private:
  bool on_gpu() const { return device_ == "cuda"; }

  ProfileRequest request(const Machine& machine) const {
    ProfileRequest request;
    request.model = model_.load();
    const int ranks = static_cast<int>(gpus_.value_or(on_gpu() ? 8 : 4));
    request.cluster = on_gpu() ? gpus_alike(ranks, machine) : take_gpus(cpu_cluster(machine), ranks);
    request.workload = workload_.load(request.model);
    for (const std::string& length : also_)
      request.workload.shapes.push_back(parse_length(length, request.workload.shapes.front()));
    request.device = device_;
    request.tolerance = 0.03;
    request.longest = std::chrono::milliseconds(longest_);
    request.sustain = std::chrono::seconds(sustain_);
    request.part = output_ + ".part";
    request.ffmpeg = variable("PIPEDIT_FFMPEG");
    request.fa3_library = variable("PIPEDIT_FA3_LIBRARY");
    return request;
  }

  void measure(const ProfileRequest& request, Profile& profile) const {
    try {
      reinterpret_cast<ProfileFunction>(module_symbol(kProfileSymbol))(request, profile);
    } catch (const InputError&) {
      throw;
    } catch (const Error& e) {
      throw Error(fmt::format("{}: {}; what was measured is kept in {}, the same command goes on", output_, e.what(),
                              request.part.string()));
    }
  }

  // The cores are those of this machine, whatever a file says.
  Cluster cpu_cluster(const Machine& machine) const {
    Cluster cluster = load_cluster(cluster_.empty() ? "cpu" : cluster_);
    if (cluster.devices.size() != 1 || cluster.devices[0].kind != DeviceKind::cpu)
      throw InputError("--cluster: expected one CPU, got " + to_text(cluster));
    cluster.devices[0].slots = machine.cores;
    return cluster;
  }

  // One GPU is enough to measure what each of several alike would do.
  Cluster gpus_alike(int ranks, const Machine& machine) const {
    if (machine.gpus.gpus.empty() && cluster_.empty())
      throw InputError("--device cuda: this machine has no GPU: " + machine.gpus.missing);
    Cluster cluster = cluster_.empty() ? gpu_cluster(machine.gpus) : load_cluster(cluster_);
    if (cluster.devices.front().kind != DeviceKind::gpu)
      throw InputError("--cluster: expected GPUs, got " + to_text(cluster));
    cluster.devices.assign(static_cast<std::size_t>(ranks), cluster.devices.front());
    cluster.ranks_per_device = 1;
    cluster.links.clear();
    cluster.transport = Transport::peer;  // inside of a GPU; what goes from one to another is measured by transport
    return cluster;
  }

  ModelInput model_;
  WorkloadInput workload_;
  std::string cluster_, device_ = "cpu", output_;
  std::vector<std::string> also_;
  std::optional<std::int64_t> gpus_;
  std::int64_t longest_ = 300, sustain_ = 8;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> profile_command() { return std::make_unique<ProfileCommand>(); }

}  // namespace pipedit::cli
