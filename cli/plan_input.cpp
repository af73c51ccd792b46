#include "cli/plan_input.h"

#include <fmt/format.h>

#include "cli/headline.h"
#include "core/error.h"
#include "program/lower/lower.h"
#include "simulator/costs/analytic_costs.h"
#include "simulator/costs/profile_costs.h"

namespace pipedit::cli {

program::Program lower(const planner::PlanFile& file, const std::filesystem::path& path) try {
  return program::lower(file.model, file.cluster, file.workload, file.plan);
} catch (const InputError& e) {
  const bool names_key = std::string_view(e.what()).starts_with("/pipelines");  // of the plan, not of the file
  throw InputError(fmt::format("{}: {}{}", path.string(), names_key ? "/plan" : "", e.what()));
}

std::unique_ptr<simulator::CostModel> costs_of(const Cluster& cluster, const std::optional<Profile>& profile,
                                               const std::string& attention) {
  if (profile) return std::make_unique<simulator::ProfileCosts>(*profile, cluster, attention);
  return std::make_unique<simulator::AnalyticCosts>(cluster);
}

Profile load_profile(const std::filesystem::path& path, const models::Model& model) {
  Profile profile = read_profile(path);
  if (profile.model != model.name)
    throw InputError(fmt::format("{}: /model: expected {}, got {}", path.string(), model.name, profile.model));
  return profile;
}

std::string headline(const planner::PlanFile& file) {
  return fmt::format("# {} | {} | {} | {}\n", describe(file.plan), to_text(file.cluster), file.model.name,
                     to_text(file.workload));
}

}  // namespace pipedit::cli
