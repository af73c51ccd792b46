#include <cstdlib>
#include <ctime>

#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/configs.h"
#include "cli/headline.h"
#include "cli/inputs.h"
#include "cli/json_answers.h"
#include "cli/machine.h"
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

std::map<std::string, std::string> fingerprint() {
  const Machine machine = this_machine();
  return {{"cpu", machine.cpu},
          {"cores", std::to_string(machine.cores)},
          {"memory", to_text(machine.memory)},
          {"kernel", machine.kernel},
          {"date", today()},
          {"pipedit", kVersion},
          {"state", "sustained"}};
}

class ProfileCommand : public Command {
 public:
  About about() const override {
    return {"profile", "Measures the operations that plans of a model need on this machine. On a CPU it needs no GPU.",
            "build/release/bin/pipedit profile --model hunyuanvideo-tiny --gpus 2 --size 64x64 --frames 5 -o "
            "this.profile.json"};
  }

  void declare(Options& options) override {
    model_.declare(options);
    options.text("--cluster", "C", cluster_, "this machine: a name or a file that `devices -o` wrote");
    options.integer("--gpus", "N", gpus_, 1, 64, "plans of up to N ranks");
    workload_.declare(options);
    options.choice("--device", device_, {"cpu"}, "what to measure");
    options.integer("--longest", "MS", longest_, 1, 600'000, "milliseconds that one operation may take to measure");
    options.text("-o,--output", "FILE", output_, "profile to write");
    options.required();
    options.flag("--json", json_, "the answer as JSON");
  }

  void run() override {
    check_writable(output_);
    ProfileRequest request;
    request.model = model_.load();
    request.cluster = first_devices(cpu_cluster(cluster_), static_cast<int>(gpus_));
    request.workload = workload_.load(request.model);
    request.tolerance = 0.03;
    request.longest = std::chrono::milliseconds(longest_);
    if (const char* ffmpeg = std::getenv("PIPEDIT_FFMPEG"); ffmpeg != nullptr) request.ffmpeg = ffmpeg;
    Profile profile;
    reinterpret_cast<ProfileFunction>(module_symbol(kProfileSymbol))(request, profile);
    profile.machine = fingerprint();
    write_file(output_, write_profile(profile));
    answer(json_ ? json_of(profile) : text_of(profile, output_));
  }

 private:
  // The cores are those of this machine, whatever a file says.
  static Cluster cpu_cluster(const std::string& given) {
    Cluster cluster = load_cluster(given);
    if (cluster.devices.size() != 1 || cluster.devices[0].kind != DeviceKind::cpu)
      throw InputError("--cluster: expected one CPU, got " + to_text(cluster));
    cluster.devices[0].slots = this_machine().cores;
    return cluster;
  }

  ModelInput model_;
  WorkloadInput workload_;
  std::string cluster_ = "cpu", device_ = "cpu", output_;
  std::int64_t gpus_ = 4, longest_ = 300;
  bool json_ = false;
};

}  // namespace

std::unique_ptr<Command> profile_command() { return std::make_unique<ProfileCommand>(); }

}  // namespace pipedit::cli
