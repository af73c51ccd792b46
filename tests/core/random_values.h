#pragma once

#include "core/cluster.h"
#include "core/plan.h"
#include "core/profile.h"
#include "core/timeline.h"
#include "core/workload.h"
#include "tests/core/draw.h"

// Legal values of every type with a file, each field drawn: what a reader and a writer have to agree on.
namespace pipedit::tests {

Cluster random_cluster(Random&);
Workload random_workload(Random&);
Plan random_plan(Random&);
Profile random_profile(Random&);
Timeline random_timeline(Random&);

}  // namespace pipedit::tests
