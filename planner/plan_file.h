#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/profile.h"
#include "planner/search.h"

namespace pipedit::planner {

// The profile that a plan was made with.
struct ProfileReference {
  std::string path;  // as the user wrote it
  std::string hash;  // hash_of() its text
  friend bool operator==(const ProfileReference&, const ProfileReference&) = default;
};

// How a plan was found; a plan written by hand has none.
struct SearchRecord {
  Objective objective = Objective::makespan;
  Nanos predicted{0}, lower_bound{0};
  std::vector<Bytes> peaks;            // by rank
  std::vector<PlanAnswer> considered;  // what it was compared with, ranked
  Counts counts;
  double gap = 0;
  friend bool operator==(const SearchRecord&, const SearchRecord&) = default;
};

// A *.plan.json: a plan with all that it is for.
struct PlanFile {
  models::Model model;
  Cluster cluster;
  Workload workload;
  Plan plan;
  std::optional<ProfileReference> profile;  // none: analytic costs
  std::optional<SearchRecord> search;
  friend bool operator==(const PlanFile&, const PlanFile&) = default;
};

// The winner of an answer as a file. The answer must have one.
PlanFile plan_file_of(const models::Model&, const Cluster&, const Workload&, std::optional<ProfileReference>, Objective,
                      const Answer&);

// planner/plan_file_json.cpp is the format. Reading throws InputError naming the key; read_plan_file also the file.
PlanFile read_plan_file(const std::filesystem::path&);
PlanFile parse_plan_file(std::string_view text);
std::string write_plan_file(const PlanFile&);

// 64-bit FNV-1a, 16 hexadecimal digits: tells files apart, not a seal.
std::string hash_of(std::string_view text);

ProfileReference reference_to(const std::filesystem::path& profile);

// The profile that the plan names, looked for from where the user stands, then beside the plan. Throws InputError where
// it is gone or is not what it was. Nothing for a plan with analytic costs.
std::optional<Profile> profile_of(const PlanFile&, const std::filesystem::path& plan);

}  // namespace pipedit::planner
