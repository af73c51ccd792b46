#pragma once

#include "executor/job.h"

namespace pipedit::executor {

// Whether the inputs are those of the workload and fit the model. Throws InputError naming the request: text of another
// width or token count than its shape's, pooled text, noise or latents of another size, no steps and no latents.
void check(const Job&);

}  // namespace pipedit::executor
