#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/plan.h"
#include "planner/space.h"

// Known plans by name. Each stands for a part of the space and is answered by the best plan in it.
namespace pipedit::planner {

// single, data_parallel, ulysses, usp, cfg_ulysses, offload_ulysses, pipesp, dedivae, dedivae_pipesp,
// dedivae_pipesp_aco.
std::vector<std::string_view> family_names();

// Several pipelines that are not all of one rank; part of the space under no known name.
inline constexpr std::string_view kMixed = "replicas";

std::string_view family_of(const Plan&);
bool is_family(std::string_view name);  // one of family_names(), or kMixed

// One line for people.
std::string_view about_family(std::string_view name);

// Why a cluster of so many ranks has no plan of this family, or nothing.
std::optional<std::string> not_applicable(std::string_view family, int ranks);

// Whether plans of the family can have this cut; details then have to pass too. Every plan of the space is in one
// family; those off-loaded are in offload_ulysses alone.
bool may_be_in(std::string_view family, const Cut&);
bool is_in(std::string_view family, Group, const Details&);

}  // namespace pipedit::planner
