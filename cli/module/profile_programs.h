#pragma once

#include <vector>

#include "core/cluster.h"
#include "core/workload.h"
#include "models/model.h"
#include "program/program.h"

namespace pipedit::cli {

// Programs whose tasks cover what plans of one pipeline on up to the cluster's ranks are made of: every number of
// denoising ranks, alone and beside decoding ranks that are lent heads, whole, in chunks and in row groups, and with
// weights off-loaded. What lies between their sizes is left to interpolation.
std::vector<program::Program> programs_to_profile(const models::Model&, const Cluster&, const Workload&);

}  // namespace pipedit::cli
