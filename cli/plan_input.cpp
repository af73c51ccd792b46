#include "cli/plan_input.h"

#include <fmt/format.h>

#include "cli/headline.h"
#include "cli/inputs.h"
#include "cli/output.h"
#include "core/error.h"
#include "program/lower/lower.h"
#include "simulator/costs/analytic_costs.h"
#include "simulator/costs/profile_costs.h"

namespace pipedit::cli {

namespace {

// What moves bytes and what computes attention belong to a kind of device.
void check_device(const Plan& plan, const Cluster& cluster) {
  const bool cpu = cluster.devices.front().kind == DeviceKind::cpu;
  const auto expect = [&](bool fits, const char* key, const char* on_cpus, const char* on_gpus) {
    if (!fits)
      throw InputError(fmt::format("/plan/{}: expected {}, since the cluster has {}", key, cpu ? on_cpus : on_gpus,
                                   cpu ? "CPUs" : "GPUs"));
  };
  expect(serves(plan.transport, cluster.devices.front().kind), "transport", "host", "peer, nccl or staged");
  expect(plan.attention == "auto" || cpu == (plan.attention == "cpu"), "attention", "auto or cpu",
         "auto, fa3, cudnn or fa2");
}

}  // namespace

program::Program lower(const planner::PlanFile& file, const std::filesystem::path& path) try {
  check_text_tokens(file.workload, file.model);
  program::Program program = program::lower(file.model, file.cluster, file.workload, file.plan);
  check_device(file.plan, file.cluster);
  return program;
} catch (const InputError& e) {
  // Keys of the file's parts become keys of the file.
  const std::string_view text = e.what();
  const char* part = text.starts_with("/pipelines") ? "/plan" : text.starts_with("/shapes") ? "/workload" : "";
  throw InputError(fmt::format("{}: {}{}", path.string(), part, text));
}

std::unique_ptr<simulator::CostModel> costs_of(const Cluster& cluster, const std::optional<Profile>& profile,
                                               const std::filesystem::path& path, const std::string& attention) {
  if (profile) return std::make_unique<simulator::ProfileCosts>(*profile, cluster, attention, path.string());
  return std::make_unique<simulator::AnalyticCosts>(cluster);
}

Profile load_profile(const std::filesystem::path& path, const models::Model& model, const Cluster& cluster) {
  Profile profile = read_profile(path);
  if (profile.model != model.name)
    throw InputError(fmt::format("{}: /model: expected {}, got {}", path.string(), model.name, profile.model));
  const Device& device = cluster.devices.front();
  if (profile.device != device.kind) {
    const bool cpu = device.kind == DeviceKind::cpu;
    throw InputError(fmt::format("{}: /device: expected {}, since cluster {} has {}", path.string(),
                                 cpu ? "cpu" : "gpu", cluster.name, cpu ? "CPUs" : "GPUs"));
  }
  const auto gpu = profile.machine.find("gpu");
  if (gpu != profile.machine.end() && gpu->second.find(device.name) == std::string::npos)
    remark(fmt::format("{} was measured on {}; cluster {} has {}, whose times will differ", path.string(), gpu->second,
                       cluster.name, device.name));
  return profile;
}

std::string headline(const planner::PlanFile& file) {
  return fmt::format("# {} | {} | {} | {}\n", describe(file.plan), to_text(file.cluster), file.model.name,
                     to_text(file.workload));
}

}  // namespace pipedit::cli
