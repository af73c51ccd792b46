#include "cli/module/profile_programs.h"

#include <algorithm>

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

planner::Details resident(int lent, std::vector<int> chunks, int rows) {
  return {
      .lent_heads = lent, .chunks = std::move(chunks), .row_groups = rows, .fill = true, .memory = Memory::resident};
}

std::vector<planner::Details> with_offload(planner::Group group, std::vector<planner::Details> all) {
  if (group.colocated())
    all.push_back({.lent_heads = 0, .chunks = {}, .row_groups = 1, .fill = true, .memory = Memory::offload});
  return all;
}

std::vector<planner::Details> every(planner::Group group, int heads) {
  std::vector<planner::Details> all;
  for (const int lent : planner::lent_shares(group, heads))
    for (const auto& chunks : chunkings(planner::items(group, lent, heads)))
      for (const int rows : planner::kRowGroups) all.push_back(resident(lent, chunks, rows));
  return with_offload(group, std::move(all));
}

// A group that decodes elsewhere denoises as one that does not; of lent shares the smallest, the middle and the
// largest.
std::vector<planner::Details> few(planner::Group group, int heads) {
  if (group.colocated()) return every(group, heads);
  const std::vector<int> shares = planner::lent_shares(group, heads);
  std::vector<planner::Details> all;
  for (const std::size_t i : {std::size_t{0}, std::size_t{1}, shares.size() / 2, shares.size() - 1})
    if (i < shares.size()) all.push_back(resident(shares[i], {}, 1));
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

program::Program lower(const models::Model& model, const Cluster& cluster, const Workload& workload,
                       planner::Group group, const planner::Details& details) {
  const planner::Cut cut = {{group, 1}};
  return program::lower(model, cluster, workload, planner::plan_of(cut, {details}, cluster.transport));
}

}  // namespace

std::vector<program::Program> programs_to_profile(const models::Model& model, const Cluster& cluster,
                                                  const Workload& workload, Sweep sweep) {
  const int heads = static_cast<int>(model.dit.num_heads);
  std::vector<program::Program> programs;
  for (int denoise = 1; denoise <= cluster.ranks(); ++denoise)
    for (int decode = 0; denoise + decode <= cluster.ranks(); ++decode) {
      const planner::Group group{denoise, decode};
      for (const planner::Details& details : sweep == Sweep::every ? every(group, heads) : few(group, heads))
        programs.push_back(lower(model, cluster, workload, group, details));
    }
  return programs;
}

program::Program plain_program(const models::Model& model, const Cluster& cluster, const Workload& workload,
                               int ranks) {
  return lower(model, cluster, workload, {ranks, 0}, resident(0, {}, 1));
}

program::Program replicas_program(const models::Model& model, const Cluster& cluster, const Workload& workload,
                                  int replicas) {
  const planner::Cut cut = {{{1, 0}, replicas}};
  return program::lower(model, cluster, workload, planner::plan_of(cut, {resident(0, {}, 1)}, cluster.transport));
}

models::Model with_few_blocks(models::Model model) {
  constexpr std::int64_t kMost = 2;
  const std::int64_t most = std::max(model.dit.num_double_blocks, model.dit.num_single_blocks);
  for (std::int64_t* blocks : {&model.dit.num_double_blocks, &model.dit.num_single_blocks})
    if (*blocks > 0) *blocks = std::min(*blocks, std::max<std::int64_t>(1, kMost * *blocks / most));
  return model;
}

}  // namespace pipedit::cli
