#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/plan.h"
#include "planner/space.h"

// Known plans by name. Each stands for a part of the space and is answered by the best plan in it; every plan of the
// space is in one of them.
namespace pipedit::planner {

// single, data_parallel, ulysses, usp, cfg_ulysses, offload_ulysses, pipesp, dedivae, dedivae_pipesp,
// dedivae_pipesp_aco.
std::vector<std::string_view> family_names();

std::string_view family_of(const Plan&);
bool is_family(std::string_view name);

// One line for people.
std::string_view about_family(std::string_view name);

// Why a cluster of so many ranks has no plan of this family, or nothing.
std::optional<std::string> not_applicable(std::string_view family, int ranks);

// Whether plans of the family can have this cut; details then have to pass too.
bool may_be_in(std::string_view family, const Cut&);
bool is_in(std::string_view family, Group, const Details&);

}  // namespace pipedit::planner
