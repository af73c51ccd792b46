#pragma once

#include <array>
#include <vector>

#include "planner/segment_times.h"

// How far the lanes and hosts of ranks get at least in calls of a segment.
namespace pipedit::planner {

// Long ago: of hosts that may have enqueued anything by now.
inline constexpr Nanos kLongAgo{INT64_MIN / 4};

// When the lanes of a rank, and its host, are done with what was looked at so far, from some instant on.
struct RankEnds {
  std::array<Nanos, program::kLanes> lanes{};
  Nanos host = kLongAgo;
  friend bool operator==(const RankEnds&, const RankEnds&) = default;
};
using Ends = std::vector<RankEnds>;  // by rank

// `blocks` calls behind one another, at least one.
//
// Why no simulation gets there sooner: a task starts behind the tasks before it on its lane, behind what it waits for
// in its call, and behind its host, which enqueues one task after another and none that waits for a peer before the
// peer's host has enqueued that; it takes at least what it costs alone. Parts take at least what they cost alone, in
// turn those of one sender one after another, at a rendezvous none before all members are there. What is left out
// (shared links, contention, waits across calls) only delays.
void run_blocks(const program::Segment&, const SegmentTimes::Times&, int blocks, Ends&);

}  // namespace pipedit::planner
