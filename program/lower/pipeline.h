#pragma once

#include "core/plan.h"
#include "core/workload.h"
#include "models/model.h"
#include "program/lower/builder.h"
#include "program/lower/memory.h"
#include "program/program.h"

namespace pipedit::program::lowering {

// Adds one pipeline's segments, buffers and actors (one for a co-located pipeline, two for disjoint groups) to the
// program, and to `weights`, by rank, what its ranks hold.
void lower_pipeline(const models::Model&, const WeightBytes&, const Cluster&, const Workload&, const Plan&,
                    int pipeline, Program&, BufferTable&, std::vector<Bytes>& weights);

}  // namespace pipedit::program::lowering
