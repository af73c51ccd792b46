#include "planner/plan_file.h"

#include <cstdint>

#include <fmt/format.h>

#include "core/error.h"
#include "core/file.h"

namespace pipedit::planner {

PlanFile plan_file_of(const models::Model& model, const Cluster& cluster, const Workload& workload,
                      std::optional<ProfileReference> profile, Objective objective, const Answer& answer) {
  const PlanAnswer& winner = answer.plans[*answer.winner];
  SearchRecord search{.objective = objective,
                      .predicted = *winner.predicted,
                      .lower_bound = *winner.lower_bound,
                      .peaks = winner.peaks,
                      .considered = {},
                      .counts = answer.counts,
                      .gap = answer.gap};
  for (std::size_t i = 0; i < answer.plans.size(); ++i)
    if (i != *answer.winner) search.considered.push_back(answer.plans[i]);
  return {model, cluster, workload, *winner.plan, std::move(profile), std::move(search)};
}

std::string hash_of(std::string_view text) {
  constexpr std::uint64_t kOffset = 0xcbf29ce484222325, kPrime = 0x100000001b3;
  std::uint64_t hash = kOffset;
  for (const char byte : text) hash = (hash ^ static_cast<unsigned char>(byte)) * kPrime;
  return fmt::format("{:016x}", hash);
}

ProfileReference reference_to(const std::filesystem::path& profile) {
  return {profile.string(), hash_of(read_text(profile))};
}

std::optional<Profile> profile_of(const PlanFile& file, const std::filesystem::path& plan) {
  if (!file.profile) return std::nullopt;
  std::filesystem::path path = file.profile->path;
  if (const auto beside = plan.parent_path() / path; !std::filesystem::exists(path) && std::filesystem::exists(beside))
    path = beside;
  const std::string text = read_text(path);
  if (hash_of(text) != file.profile->hash)
    throw InputError(fmt::format("{}: is not the profile that {} was made with: plan again, or give --profile",
                                 path.string(), plan.string()));
  try {
    return parse_profile(text);
  } catch (Error& e) {
    e.add_context(path.string());
    throw;
  }
}

}  // namespace pipedit::planner
