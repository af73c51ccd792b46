#pragma once

#include "core/timeline.h"
#include "executor/backend.h"
#include "executor/job.h"

namespace pipedit::profiler {

// Executes the program on memory that holds ordinary numbers: kernels may be faster on zeros than on real data.
Timeline run_filled(const program::Program&, executor::Backend&, const executor::Job&);

}  // namespace pipedit::profiler
