#pragma once

#include "simulator/engine/world.h"

// Tasks that run, and how those of a GPU share it. On a CPU they run at full speed: turns.h.
namespace pipedit::simulator {

// Begins a task other than an exchange.
void begin_task(World&, Run&, int node);

// The job is over: what shared its device may run faster.
void leave_device(World&, int device, JobId);

// A transfer between ranks begins (+1) or ends (-1): tasks on both devices feel it.
void touch(World&, const PartFacts&, int change);

// Gives every job of the devices that changed its rate.
void update_device_rates(World&);

}  // namespace pipedit::simulator
