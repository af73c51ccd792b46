#pragma once

#include "simulator/engine/world.h"

// Exchanges under both readings (program/program.h), part by part.
namespace pipedit::simulator {

// The member's task has got to the head of its lane, its waits met.
void begin_exchange(World&, Run&, int node);

// A member's kernel could run: it does, or waits for the task that computes on its device. The job is a copy.
void kernel_launched(World&, JobId, const Job&);

// A task that computed on the device is over: kernels that waited for it run.
void let_kernels_in(World&, int device, JobId);

// A phase of a part is over: its start-up, or all of it.
void part_done(World&, JobId, const Job&);

}  // namespace pipedit::simulator
