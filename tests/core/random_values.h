#pragma once

#include <random>

#include "core/cluster.h"
#include "core/plan.h"
#include "core/profile.h"
#include "core/timeline.h"
#include "core/workload.h"

// Legal values of every type with a file, each field drawn: what a reader and a writer have to agree on.
namespace pipedit::tests {

using Random = std::mt19937_64;

std::int64_t draw(Random&, std::int64_t low, std::int64_t high);  // inclusive
std::string draw_text(Random&);  // also with quotes, escapes, and letters outside ASCII; may be empty

Cluster random_cluster(Random&);
Workload random_workload(Random&);
Plan random_plan(Random&);
Profile random_profile(Random&);
Timeline random_timeline(Random&);

}  // namespace pipedit::tests
