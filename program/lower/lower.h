#pragma once

#include "core/cluster.h"
#include "core/plan.h"
#include "core/workload.h"
#include "models/model.h"
#include "program/program.h"

namespace pipedit::program {

// The program of a plan: pure, no clock, no device. Throws InputError for a plan, workload or model that do not go
// together (more ranks than the cluster has, a head share that leaves the denoising ranks none, a parallelism that is
// not there yet).
Program lower(const models::Model&, const Cluster&, const Workload&, const Plan&);

}  // namespace pipedit::program
