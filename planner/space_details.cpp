#include <algorithm>

#include "planner/space.h"

// The choices of one pipeline.
namespace pipedit::planner {

int items(Group group, int lent_heads, int heads) {
  // One denoising rank exchanges nothing by itself; with helpers it keeps what it does not lend.
  if (group.denoise == 1) return lent_heads == 0 ? 0 : heads - group.decode * lent_heads;
  return heads / group.denoise + (heads % group.denoise == 0 ? 0 : 1);
}

namespace {

void extend(int left, std::vector<int>& list, std::vector<std::vector<int>>& found) {
  if (left == 0) {
    found.push_back(list.size() > 1 ? list : std::vector<int>{});
    return;
  }
  const bool last = static_cast<int>(list.size()) + 1 == kMostChunks;
  for (int next = last ? left : 1; next <= left; ++next) {
    list.push_back(next);
    extend(left - next, list, found);
    list.pop_back();
  }
}

// Row groups cut whole heads; where a rank has but a piece of one, there is nothing to cut.
bool has_whole_heads(Group group, int lent_heads, int heads) {
  return lent_heads > 0 || (group.denoise > 1 && heads >= group.denoise);
}

std::vector<int> row_groups(Group group, int lent_heads, int heads) {
  if (!has_whole_heads(group, lent_heads, heads)) return {1};
  return {std::begin(kRowGroups), std::end(kRowGroups)};
}

// Fillers only change what stands beside a transfer.
std::vector<bool> fills(Group group, int lent_heads) {
  if (group.denoise == 1 && lent_heads == 0) return {true};
  return {true, false};
}

}  // namespace

std::vector<std::vector<int>> chunk_lists(int items) {
  if (items == 0) return {{}};
  std::vector<std::vector<int>> found;
  std::vector<int> list;
  extend(items, list, found);
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
  return found;
}

std::vector<int> lent_shares(Group group, int heads) {
  std::vector<int> shares{0};
  for (int lent = 1; !group.colocated() && lent * group.decode < heads; ++lent) shares.push_back(lent);
  return shares;
}

std::vector<Details> details(Group group, int lent_heads, int heads) {
  std::vector<Details> found;
  const auto lists = chunk_lists(items(group, lent_heads, heads));
  for (const int rows : row_groups(group, lent_heads, heads))
    for (const std::vector<int>& chunks : lists)
      for (const bool fill : fills(group, lent_heads))
        found.push_back({.lent_heads = lent_heads, .chunks = chunks, .row_groups = rows, .fill = fill});
  return found;
}

std::int64_t count_details(Group group, int lent_heads, int heads) {
  // Lists of k positive numbers with sum n: n - 1 over k - 1.
  const std::int64_t n = std::max(1, items(group, lent_heads, heads));
  std::int64_t lists = 0, binomial = 1;
  for (std::int64_t k = 1; k <= std::min<std::int64_t>(kMostChunks, n); ++k) {
    lists += binomial;
    binomial = binomial * (n - k) / k;
  }
  return lists *
         static_cast<std::int64_t>(row_groups(group, lent_heads, heads).size() * fills(group, lent_heads).size());
}

}  // namespace pipedit::planner
