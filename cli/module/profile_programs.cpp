#include "cli/module/profile_programs.h"

#include "planner/space.h"
#include "program/lower/lower.h"

namespace pipedit::cli {

namespace {

// Whole, in two halves, and in single items: the ends and the middle of what chunks can be.
std::vector<std::vector<int>> chunkings(int items) {
  std::vector<std::vector<int>> lists = {{}};
  if (items > 1) lists.push_back({(items + 1) / 2, items / 2});
  if (items > 2 && items <= planner::kMostChunks) lists.emplace_back(static_cast<std::size_t>(items), 1);
  return lists;
}

std::vector<planner::Details> details_to_profile(planner::Group group, int heads) {
  std::vector<planner::Details> all;
  for (const int lent : planner::lent_shares(group, heads))
    for (const auto& chunks : chunkings(planner::items(group, lent, heads)))
      for (const int rows : planner::kRowGroups)
        all.push_back(
            {.lent_heads = lent, .chunks = chunks, .row_groups = rows, .fill = true, .memory = Memory::resident});
  if (group.colocated())
    all.push_back({.lent_heads = 0, .chunks = {}, .row_groups = 1, .fill = true, .memory = Memory::offload});
  return all;
}

}  // namespace

std::vector<program::Program> programs_to_profile(const models::Model& model, const Cluster& cluster,
                                                  const Workload& workload) {
  const int heads = static_cast<int>(model.dit.num_heads);
  std::vector<program::Program> programs;
  for (int denoise = 1; denoise <= cluster.ranks(); ++denoise)
    for (int decode = 0; denoise + decode <= cluster.ranks(); ++decode)
      for (const planner::Details& details : details_to_profile({denoise, decode}, heads)) {
        const planner::Cut cut = {{{denoise, decode}, 1}};
        programs.push_back(
            program::lower(model, cluster, workload, planner::plan_of(cut, {details}, cluster.transport)));
      }
  return programs;
}

}  // namespace pipedit::cli
