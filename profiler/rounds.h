#pragma once

#include <set>
#include <vector>

#include "core/profile.h"
#include "profiler/profiler.h"
#include "profiler/samples.h"

// A machine that others share is slow for seconds, and all that is measured meanwhile. So everything is measured in
// rounds, and of a point that in the middle counts.
namespace pipedit::profiler {

struct Round {
  Samples alone, busy;
};

// Of all rounds, sorted by kind, dims, busy and median. What a stretch ran without wanting it counts where it ran
// often.
std::vector<ProfilePoint> points_of(const std::vector<Round>&, const std::set<PointKey>& wanted, const Options&);

// One a point: of an even number of rounds the faster in the middle. Takes what points_of() gives.
std::vector<ProfilePoint> middle_points(const std::vector<ProfilePoint>&);

// Those whose rounds differ by more than a quarter, likewise.
std::set<PointKey> unsure_points(const std::vector<ProfilePoint>&);

}  // namespace pipedit::profiler
