#include "planner/space_text.h"

#include <map>

#include <fmt/format.h>

namespace pipedit::planner {

namespace {

// Details of one pipeline with any share.
std::int64_t choices(Group group, int heads) {
  std::int64_t sum = 0;
  for (const int lent : lent_shares(group, heads)) sum += count_details(group, lent, heads);
  return sum;
}

const char* name_of(Transport transport) {
  constexpr const char* kNames[] = {"host", "peer", "nccl", "staged"};
  return kNames[static_cast<int>(transport)];
}

}  // namespace

SpaceSize space_size(int ranks, int heads) {
  SpaceSize size;
  std::map<Group, std::int64_t> of_group;
  for (const Cut& cut : cuts(ranks)) {
    std::int64_t product = 1;
    for (const Replicas& replicas : cut) {
      auto& known = of_group[replicas.group];
      if (known == 0) known = choices(replicas.group, heads);
      product *= known;
    }
    ++size.cuts;
    size.plans += product;
    if (pipelines_of(cut) > 1) continue;
    size.one_pipeline += product;
    if (cut.front().group.colocated() && cut.front().group.denoise > 1) size.offloaded += 2;
  }
  size.groups = static_cast<std::int64_t>(of_group.size());
  return size;
}

std::string describe_space(int ranks, int heads, Transport transport) {
  const SpaceSize size = space_size(ranks, heads);
  return fmt::format(
      "{} cuts of up to {} rank{} into pipelines of {} groups x (shares lent x lists of up to {} chunks x row groups "
      "1, "
      "2, 4 x fill on, off) for each kind of pipeline x transport {} = {} plans, {} of them one pipeline; and {} of "
      "Ulysses that off-load weights",
      size.cuts, ranks, ranks == 1 ? "" : "s", size.groups, kMostChunks, name_of(transport), size.plans,
      size.one_pipeline, size.offloaded);
}

}  // namespace pipedit::planner
