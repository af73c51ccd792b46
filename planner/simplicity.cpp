#include "planner/simplicity.h"

#include <algorithm>
#include <set>

namespace pipedit::planner {

namespace {

enum Aspect { kOffload, kRanks, kPipelines, kKinds, kDecoding, kLending, kChunks, kRows, kNoFill };

void add(Complexity& sum, const Details& details, int count) {
  sum[kOffload] += details.memory == Memory::offload ? count : 0;
  sum[kLending] += details.lent_heads > 0 ? count : 0;
  sum[kChunks] += count * std::max(0, static_cast<int>(details.chunks.size()) - 1);
  sum[kRows] += count * (details.row_groups - 1);
  sum[kNoFill] += details.fill ? 0 : count;
}

void add(Complexity& sum, Group group, int count) {
  sum[kRanks] += count * group.ranks();
  sum[kPipelines] += count;
  sum[kDecoding] += group.colocated() ? 0 : count;
}

}  // namespace

Complexity complexity(const Cut& cut, const std::vector<std::optional<Details>>& details) {
  Complexity sum{};
  sum[kKinds] = static_cast<int>(cut.size());
  for (std::size_t i = 0; i < cut.size(); ++i) {
    add(sum, cut[i].group, cut[i].count);
    if (details[i]) add(sum, *details[i], cut[i].count);
  }
  return sum;
}

Complexity complexity(const Plan& plan) {
  Complexity sum{};
  std::set<Group> groups;
  for (const Pipeline& p : plan.pipelines) {
    const Group group{static_cast<int>(p.denoise.size()), p.colocated() ? 0 : static_cast<int>(p.decode.size())};
    groups.insert(group);
    add(sum, group, 1);
    add(sum, {p.lent_heads, p.chunks, p.row_groups, p.fill, p.memory}, 1);
  }
  sum[kKinds] = static_cast<int>(groups.size());
  return sum;
}

}  // namespace pipedit::planner
