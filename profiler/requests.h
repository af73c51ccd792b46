#pragma once

#include <span>
#include <vector>

#include "core/profile.h"
#include "executor/backend.h"
#include "executor/job.h"
#include "profiler/profiler.h"
#include "program/program.h"

namespace pipedit::profiler {

// Times what a request needs once (noise, conditioning, blending, handing out results) where it happens: in whole
// requests of a few steps, whose weights, frames and files are a run's. Behind a step's work caches hold other things
// and memory is new, so that such a task takes up to several times as long as it would again and again.
//
// Of the programs those are run that have points of their own (on ranks that decode, and on ranks that do not), every
// one for all of the job's requests. Points are those of a device on which as many ranks are busy as the program has,
// Options::slots at most.
std::vector<ProfilePoint> measure_requests(std::span<const program::Program>, executor::Backend&, const executor::Job&,
                                           const Options&);

// Times the parts of exchanges between CPU ranks likewise, in the steps of one request, and the scheduler's steps. The
// CPU that a part goes to has read what lay there before, and its cache has to be told: a rank that sends to memory
// which nobody reads never pays for that, and it is a quarter of a short part's time.
std::vector<ProfilePoint> measure_exchanges(std::span<const program::Program>, executor::Backend&, const executor::Job&,
                                            const Options&);

}  // namespace pipedit::profiler
