#pragma once

#include <vector>

#include "core/cluster.h"
#include "core/workload.h"
#include "models/model.h"
#include "program/program.h"

namespace pipedit::cli {

enum class Sweep {
  every,  // what plans are made of, but for what lies between chunks
  few,    // enough to interpolate between: large models, long videos
};

// Programs whose tasks cover what plans of one pipeline on up to the cluster's ranks are made of: every number of
// denoising ranks, alone and beside decoding ranks that are lent heads, whole, in chunks and in row groups, and with
// weights off-loaded. What lies between their sizes is left to interpolation.
std::vector<program::Program> programs_to_profile(const models::Model&, const Cluster&, const Workload&,
                                                  Sweep = Sweep::every);

// One pipeline of so many ranks that denoise and decode, whole.
program::Program plain_program(const models::Model&, const Cluster&, const Workload&, int ranks);

// So many pipelines of one rank, each on a device of its own where the cluster has as many.
program::Program replicas_program(const models::Model&, const Cluster&, const Workload&, int replicas);

// The model with two blocks of the kind that it has most of, and of the other in proportion, at least one: HunyuanVideo
// with one and two. All blocks of a kind are alike, so tasks take as long as in the whole model, which need not lie in
// memory; and the mixture decides at which clocks a power limit leaves a GPU.
models::Model with_few_blocks(models::Model);

}  // namespace pipedit::cli
