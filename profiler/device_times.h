#pragma once

#include <vector>

#include "executor/backend.h"
#include "executor/job.h"
#include "profiler/stretch.h"

namespace pipedit::profiler {

// Devices of one name differ by some per cent in how fast they are at the same power. What the stretch's tasks take in
// sum, exchanges aside, on each of the first so many devices while all of them are at work, in the second half of
// `lasting`.
// All have what its tasks need: weights, and memory for one rank.
std::vector<Nanos> device_times(const Stretch&, int devices, executor::Backend&, const executor::Job&, Nanos lasting);

// What it runs: a rank on each, with the silent one that stands for its peers.
program::Program one_on_each(const Stretch&, int devices, int repetitions);

}  // namespace pipedit::profiler
