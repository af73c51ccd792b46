#pragma once

#include <functional>

#include "executor/backend.h"
#include "executor/job.h"
#include "program/program.h"

namespace pipedit::profiler {

// How many repetitions of a stretch last this long, by the second of two: at least 1, at most 500, since what is as
// short as that does not heat a GPU. `bench`: the program of so many repetitions.
int repetitions_lasting(Nanos, const std::function<program::Program(int repetitions)>& bench, executor::Backend&,
                        const executor::Job&);

}  // namespace pipedit::profiler
