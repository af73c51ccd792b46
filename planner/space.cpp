#include "planner/space.h"

#include <algorithm>
#include <numeric>

#include "planner/families.h"

namespace pipedit::planner {

int ranks_of(const Cut& cut) {
  return std::accumulate(cut.begin(), cut.end(), 0,
                         [](int sum, const Replicas& r) { return sum + r.count * r.group.ranks(); });
}

int pipelines_of(const Cut& cut) {
  return std::accumulate(cut.begin(), cut.end(), 0, [](int sum, const Replicas& r) { return sum + r.count; });
}

namespace {

std::vector<Group> groups(int ranks) {
  std::vector<Group> all;
  for (int n = 1; n <= ranks; ++n)
    for (int decode = 0; decode < n; ++decode) all.push_back({n - decode, decode});
  return all;
}

// Even numbers of ranks first, then larger groups, then fewer that decode.
bool stands_before(Group a, Group b) {
  const auto key = [](Group g) { return std::tuple(g.ranks() % 2, -g.ranks(), g.decode); };
  return key(a) < key(b);
}

void extend(const std::vector<Group>& all, std::size_t next, int left, Cut& cut, std::vector<Cut>& found) {
  if (!cut.empty()) found.push_back(cut);
  for (std::size_t i = next; i < all.size(); ++i)
    for (int count = 1; count * all[i].ranks() <= left; ++count) {
      cut.push_back({all[i], count});
      extend(all, i + 1, left - count * all[i].ranks(), cut, found);
      cut.pop_back();
    }
}

}  // namespace

std::vector<Cut> cuts(int ranks) {
  std::vector<Group> all = groups(ranks);
  std::sort(all.begin(), all.end(), stands_before);
  std::vector<Cut> found;
  Cut cut;
  extend(all, 0, ranks, cut, found);
  std::stable_sort(found.begin(), found.end(),
                   [](const Cut& a, const Cut& b) { return pipelines_of(a) < pipelines_of(b); });
  return found;
}

std::vector<int> first_ranks(const Cut& cut) {
  std::vector<int> firsts;
  int next = 0;
  for (const Replicas& replicas : cut)
    for (int i = 0; i < replicas.count; ++i) {
      firsts.push_back(next);
      next += replicas.group.ranks();
    }
  return firsts;
}

Pipeline pipeline_of(Group group, const Details& details, int first_rank) {
  Pipeline pipeline;
  for (int i = 0; i < group.denoise; ++i) pipeline.denoise.push_back(Rank{first_rank + i});
  for (int i = 0; i < group.decode; ++i) pipeline.decode.push_back(Rank{first_rank + group.denoise + i});
  if (group.colocated()) pipeline.decode = pipeline.denoise;
  pipeline.chunks = details.chunks;
  pipeline.row_groups = details.row_groups;
  pipeline.fill = details.fill;
  pipeline.lent_heads = details.lent_heads;
  pipeline.memory = details.memory;
  return pipeline;
}

Plan plan_of(const Cut& cut, const std::vector<Details>& details, Transport transport) {
  Plan plan;
  plan.transport = transport;
  const std::vector<int> firsts = first_ranks(cut);
  for (std::size_t i = 0; i < cut.size(); ++i)
    for (int j = 0; j < cut[i].count; ++j)
      plan.pipelines.push_back(pipeline_of(cut[i].group, details[i], firsts[plan.pipelines.size()]));
  plan.name = family_of(plan);
  return plan;
}

}  // namespace pipedit::planner
