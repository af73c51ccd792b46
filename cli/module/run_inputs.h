#pragma once

#include "executor/inputs/embeddings.h"
#include "executor/run_folder/resume.h"
#include "executor/run_folder/run_origin.h"
#include "models/model.h"

namespace pipedit::cli {

// By request of what is left, from a folder or a seed; with the latents of requests that have been denoised.
std::vector<executor::RequestInput> load_inputs(const executor::RunOrigin&, const models::Model&,
                                                const executor::Remaining&);

}  // namespace pipedit::cli
