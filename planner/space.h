#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "core/cluster.h"
#include "core/plan.h"

// The space of plans: named axes, finite, every plan once. A plan cuts some of the ranks into pipelines; pipelines of
// equal groups are alike.
namespace pipedit::planner {

inline constexpr int kMostChunks = 4;
inline constexpr int kRowGroups[] = {1, 2, 4};

// How many ranks denoise and how many others decode; 0 others: the same ranks do both.
struct Group {
  int denoise = 1, decode = 0;
  int ranks() const { return denoise + decode; }
  bool colocated() const { return decode == 0; }
  friend auto operator<=>(const Group&, const Group&) = default;
};

// Pipelines of equal groups, side by side.
struct Replicas {
  Group group;
  int count = 1;
  friend bool operator==(const Replicas&, const Replicas&) = default;
};
using Cut = std::vector<Replicas>;  // in the order in which ranks are given out

int ranks_of(const Cut&);
int pipelines_of(const Cut&);

// What a pipeline chooses beside its group.
struct Details {
  int lent_heads = 0;
  std::vector<int> chunks = {};  // sums to the items of a rank; empty: one chunk
  int row_groups = 1;
  bool fill = true;
  Memory memory = Memory::resident;
  friend bool operator==(const Details&, const Details&) = default;
};

// All ways to cut up to `ranks` ranks into pipelines, fewest pipelines first: 341 for 8.
std::vector<Cut> cuts(int ranks);

// Items of a rank that attention can be cut into: whole heads, and the piece of those left over. 0 where nothing is
// exchanged, so that there is nothing to cut.
int items(Group, int lent_heads, int heads);

// All lists of one to kMostChunks positive numbers with this sum; the list of one is written as no list.
std::vector<std::vector<int>> chunk_lists(int items);

// Shares that each decoding rank can be lent: 0, and as long as a head is left.
std::vector<int> lent_shares(Group, int heads);

// All details with this share, resident; no two of them lower to the same program. Ordered by row groups, chunks, fill.
std::vector<Details> details(Group, int lent_heads, int heads);

// Their number.
std::int64_t count_details(Group, int lent_heads, int heads);

// Ranks are given out in order: pipelines with an even number of ranks first, which keeps pairs together, then the
// larger ones. `details` are by the cut's replicas.
Plan plan_of(const Cut&, const std::vector<Details>& details, Transport);

// The first rank of each of the cut's pipelines.
std::vector<int> first_ranks(const Cut&);

Pipeline pipeline_of(Group, const Details&, int first_rank);

}  // namespace pipedit::planner
