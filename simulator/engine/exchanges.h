#pragma once

#include "simulator/engine/world.h"

// Exchanges under both readings (program/program.h), part by part.
namespace pipedit::simulator {

// The member's task has got to the head of its lane, its waits met.
void begin_exchange(World&, Run&, int node);

// A phase of a part is over: its start-up, or all of it.
void part_done(World&, JobId, const Job&);

}  // namespace pipedit::simulator
