#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "core/profile.h"
#include "planner/plan_file.h"
#include "simulator/costs/cost_model.h"

// What commands do with a plan file.
namespace pipedit::cli {

// Throws InputError, naming the file that it was read from, where the plan's parts do not go together.
program::Program lower(const planner::PlanFile&, const std::filesystem::path&);

// Measured where there is a profile, else analytic; with a plan's kernel for attention. `path` names the profile in
// errors, also in those of the costs.
std::unique_ptr<simulator::CostModel> costs_of(const Cluster&, const std::optional<Profile>&,
                                               const std::filesystem::path& path,
                                               const std::string& attention = "auto");

// Throws InputError, naming the file, for a profile of another model or of another kind of device. One of another GPU
// than the cluster's is remarked on: its times are taken as they are.
Profile load_profile(const std::filesystem::path&, const models::Model&, const Cluster&);

// "# dedivae: 5 denoise + 3 decode | 8 x H200 | hunyuanvideo | 10 requests of ..." and a line's end.
std::string headline(const planner::PlanFile&);

}  // namespace pipedit::cli
