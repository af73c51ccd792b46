#pragma once

#include "executor/execute.h"

namespace pipedit::executor {

// The program with so many of each request's steps at most.
program::Program with_few_steps(program::Program, int most);

// The program with one step of a few requests, one of each shape and as many as draw from the queue at once, and one
// more where steps have alternatives: the first finds helpers idle, the next finds them decoding. That is every kernel
// at every size that the program has, on its rank's thread, but for alternatives of further shapes.
program::Program shortened(const program::Program&);

// Runs the shortened program and keeps nothing of it, so that whatever a device does only once (loading kernels, taking
// memory for temporaries) is done before the clock of the real run starts.
// Throws as execute() does.
void warm_up(const program::Program&, Backend&, Job, const ExecuteOptions& = {});

}  // namespace pipedit::executor
