#pragma once

#include "executor/inputs/embeddings.h"
#include "executor/run_folder/resume.h"
#include "executor/run_folder/run_origin.h"
#include "executor/weights/weight_store.h"
#include "models/model.h"

namespace pipedit::cli {

// From a checkpoint or a seed, in the model's dtype.
executor::WeightStore load_weights(const executor::RunOrigin&, const models::Model&);

// By request of what is left, from a folder or a seed; with the latents of requests that have been denoised.
std::vector<executor::RequestInput> load_inputs(const executor::RunOrigin&, const models::Model&,
                                                const executor::Remaining&);

}  // namespace pipedit::cli
