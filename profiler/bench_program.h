#pragma once

#include "core/timeline.h"
#include "profiler/stretch.h"
#include "program/program.h"

namespace pipedit::profiler {

// A program that does nothing but the stretch: `ranks` ranks of one device run it side by side, each on memory of its
// own, once a step. What the stretch sends to other ranks goes to memory of silent ones; what it receives does not
// come. So what is timed is what the executor does in a run, with its dispatch, memory and transport.
program::Program bench_program(const Stretch&, int ranks, int repetitions);

// Calls of one repetition, blocks counted.
int calls_in(const program::Program& bench, int repetitions);

// What a run of it took from the start of this call to the end of all.
Nanos length_from(const Timeline&, int call);

}  // namespace pipedit::profiler
