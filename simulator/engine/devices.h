#pragma once

#include "simulator/engine/world.h"

// Tasks that run, and how they share their device.
namespace pipedit::simulator {

// Begins a task other than an exchange.
void begin_task(World&, Run&, int node);

// Begins a part that moves without links, on the device of its sender. Takes a slot on a CPU.
void begin_copy(World&, Job, Nanos cost, const PartFacts&);

// The job is over: what shared its device may run faster.
void leave_device(World&, int device, JobId);

// A transfer between ranks begins (+1) or ends (-1): tasks on both devices feel it.
void touch(World&, const PartFacts&, int change);

// Gives every job of the devices that changed its rate.
void update_device_rates(World&);

}  // namespace pipedit::simulator
