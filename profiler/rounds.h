#pragma once

#include <set>
#include <vector>

#include "core/profile.h"
#include "profiler/profiler.h"
#include "profiler/samples.h"

// A machine that others share is slow for seconds, and all that is measured meanwhile. So everything is measured in
// rounds, and a point is their mean: what a run, which lasts longer, can expect of each of its tasks.
namespace pipedit::profiler {

struct Round {
  Samples alone, busy;
};

// Of all rounds, sorted by kind, dims, busy and median; `slots`: of them all are at work where a round was busy. What a
// stretch ran without wanting it counts too: under a power limit the second half of an attention takes the time that
// the first has saved, and whoever knew one of them alone would take both to be as fast.
std::vector<ProfilePoint> points_of(const std::vector<Round>&, int slots);

// One a point: the mean of its rounds, with the samples of all, but for those that took more than half again as long as
// the fastest: with tasks of microseconds that happens for a minute, or never. Takes what points_of() gives.
std::vector<ProfilePoint> mean_points(const std::vector<ProfilePoint>&);

// Those whose rounds differ by more than a quarter, likewise.
std::set<PointKey> unsure_points(const std::vector<ProfilePoint>&);

}  // namespace pipedit::profiler
