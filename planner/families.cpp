#include "planner/families.h"

#include <algorithm>

#include <fmt/format.h>

namespace pipedit::planner {

namespace {

struct Family {
  std::string_view name;
  int least_ranks;  // 0: no plan of it can be lowered for the models that there are
  std::string_view about;
};

constexpr Family kFamilies[] = {
    {"single", 1, "everything on one rank"},
    {"data_parallel", 2, "several pipelines side by side, fed from one queue"},
    {"ulysses", 2, "attention split by heads over all ranks, which also decode"},
    {"usp", 0, "Ulysses times ring attention"},
    {"cfg_ulysses", 0, "the two passes of classifier-free guidance side by side"},
    {"offload_ulysses", 2,
     "ulysses with weights in host memory, loaded stage by stage (the baseline of the PipeDiT paper)"},
    {"pipesp", 2, "ulysses whose outputs travel in chunks of heads or groups of rows"},
    {"dedivae", 2, "some ranks denoise, the others decode"},
    {"dedivae_pipesp", 3, "dedivae whose denoising ranks send outputs in chunks or row groups"},
    {"dedivae_pipesp_aco", 2, "dedivae whose decoding ranks take attention heads while they are idle"},
};

const Family* find(std::string_view name) {
  const auto found = std::ranges::find(kFamilies, name, &Family::name);
  return found == std::end(kFamilies) ? nullptr : found;
}

bool is_cut(const Details& details) { return details.chunks.size() > 1 || details.row_groups > 1; }

std::string_view family_of_pipeline(Group group, const Details& details) {
  if (details.memory == Memory::offload) return "offload_ulysses";
  if (details.lent_heads > 0) return "dedivae_pipesp_aco";
  if (!group.colocated()) return is_cut(details) ? "dedivae_pipesp" : "dedivae";
  if (group.denoise == 1) return "single";
  return is_cut(details) ? "pipesp" : "ulysses";
}

}  // namespace

std::vector<std::string_view> family_names() {
  std::vector<std::string_view> names;
  for (const Family& family : kFamilies) names.push_back(family.name);
  return names;
}

bool is_family(std::string_view name) { return find(name) != nullptr; }

std::string_view about_family(std::string_view name) { return find(name)->about; }

std::string_view family_of(const Plan& plan) {
  const auto& pipelines = plan.pipelines;
  if (pipelines.size() > 1) return "data_parallel";
  const Pipeline& only = pipelines.front();
  const Group group{static_cast<int>(only.denoise.size()), only.colocated() ? 0 : static_cast<int>(only.decode.size())};
  return family_of_pipeline(group, {only.lent_heads, only.chunks, only.row_groups, only.fill, only.memory});
}

std::optional<std::string> not_applicable(std::string_view name, int ranks) {
  if (name == "usp")
    return "ring attention is not there yet: 8 ranks or fewer and at least as many heads do not need it";
  if (name == "cfg_ulysses") return "HunyuanVideo is guidance-distilled and has one pass, not two";
  const int least = find(name)->least_ranks;
  if (ranks >= least) return std::nullopt;
  return fmt::format("needs at least {} ranks, and there {} {}", least, ranks == 1 ? "is" : "are", ranks);
}

bool may_be_in(std::string_view name, const Cut& cut) {
  const bool alone = pipelines_of(cut) == 1;
  const Group first = cut.front().group;
  if (!alone || name == "data_parallel") return !alone && name == "data_parallel";
  if (name == "single") return first == Group{1, 0};
  if (name == "ulysses" || name == "pipesp" || name == "offload_ulysses") return first.colocated() && first.denoise > 1;
  return !first.colocated();
}

bool is_in(std::string_view name, Group group, const Details& details) {
  if (name == "data_parallel") return details.memory == Memory::resident;
  return family_of_pipeline(group, details) == name;
}

}  // namespace pipedit::planner
