#pragma once

#include "core/profile.h"
#include "tests/planner/settings.h"

namespace pipedit::tests {

// A profile as a machine might give it that follows no formula: what tasks and transfers of plans cost by the rates of
// the cluster, each times a factor between 0.5 and 2 drawn from a fixed seed. More work often takes less time there,
// and cuts may be cheaper than the whole. Only some plans of the space are in it, so that other sizes are interpolated
// and extrapolated.
Profile rough_profile(const std::string& model, const Cluster&, const Workload&);

}  // namespace pipedit::tests
