#pragma once

#include "profiler/points.h"
#include "program/program.h"

namespace pipedit::profiler {

// Tasks in a row within one repetition: long enough that a barrier between repetitions does not matter.
inline constexpr int kTasksInARow = 4;

// A program that does nothing but the point: `ranks` ranks of one device run it side by side, `repetitions` steps of
// kTasksInARow tasks each. So what is timed is what the executor does in a run, with its dispatch, memory and
// transport.
program::Program bench_program(const Point&, int ranks, int repetitions);

}  // namespace pipedit::profiler
