#pragma once

#include "cli/machine/gpus.h"
#include "core/cluster.h"

namespace pipedit::cli {

// A cluster of these GPUs: rates by model, links as the driver tells of them. There is at least one.
Cluster gpu_cluster(const Gpus&);

}  // namespace pipedit::cli
