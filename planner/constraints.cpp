#include "planner/constraints.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.h"
#include "planner/families.h"

namespace pipedit::planner {

void only(Constraints& constraints, std::string_view family) {
  if (!is_family(family))
    throw InputError(fmt::format("--only {}: expected one of {}", family, fmt::join(family_names(), ", ")));
  constraints.family = family;
}

namespace {

void check_most(const char* axis, std::optional<int> value, int most, const std::string& why) {
  if (value && *value > most) throw InputError(fmt::format("--fix {}={}: {}", axis, *value, why));
}

bool matches(std::optional<int> wanted, int value) { return !wanted || *wanted == value; }

// A list as lowering reads it: cut off, or its last chunk made longer, so that it sums to the items.
std::vector<int> fitted(const std::vector<int>& chunks, int items) {
  std::vector<int> list;
  int left = items;
  for (std::size_t i = 0; i < chunks.size() && left > 0; ++i) {
    list.push_back(i + 1 == chunks.size() ? left : std::min(chunks[i], left));
    left -= list.back();
  }
  return list.size() > 1 ? list : std::vector<int>{};
}

}  // namespace

void check(const Constraints& constraints, const Cluster& cluster, int heads) {
  const int ranks = cluster.ranks();
  const std::string has = fmt::format("cluster {} has {} rank{}", cluster.name, ranks, ranks == 1 ? "" : "s");
  check_most("ranks", constraints.ranks, ranks, has);
  check_most("replicas", constraints.replicas, ranks, has);
  check_most("denoise", constraints.denoise, ranks, has);
  check_most("decode", constraints.decode, ranks - 1, has + ", and one has to denoise");
  if (constraints.chunks) {
    const int sum = std::accumulate(constraints.chunks->begin(), constraints.chunks->end(), 0);
    check_most("chunks", sum, heads, fmt::format("the model has {} heads", heads));
  }
  check_most("lent", constraints.lent, heads - 1, fmt::format("the model has {} heads", heads));
  const DeviceKind kind = cluster.devices.front().kind;
  if (constraints.transport && !serves(*constraints.transport, kind))
    throw InputError(fmt::format("--fix transport: cluster {} moves bytes between {}", cluster.name,
                                 kind == DeviceKind::cpu ? "CPU ranks: host" : "GPUs: peer, nccl or staged"));
}

bool allows(const Constraints& constraints, const Cut& cut) {
  const auto group_allowed = [&](const Replicas& r) {
    return matches(constraints.denoise, r.group.denoise) && matches(constraints.decode, r.group.decode);
  };
  if (constraints.family && !may_be_in(*constraints.family, cut)) return false;
  return matches(constraints.replicas, pipelines_of(cut)) && matches(constraints.ranks, ranks_of(cut)) &&
         std::ranges::all_of(cut, group_allowed);
}

bool allows(const Constraints& constraints, Group group, const Details& details, int heads) {
  if (constraints.family && !is_in(*constraints.family, group, details)) return false;
  if (constraints.chunks && fitted(*constraints.chunks, items(group, details.lent_heads, heads)) != details.chunks)
    return false;
  // Where nothing is exchanged, a list of several chunks cuts nothing.
  if (constraints.chunks && constraints.chunks->size() > 1 && details.chunks.empty()) return false;
  return matches(constraints.lent, details.lent_heads) && matches(constraints.rows, details.row_groups) &&
         (!constraints.fill || *constraints.fill == details.fill) &&
         (!constraints.memory || *constraints.memory == details.memory);
}

}  // namespace pipedit::planner
