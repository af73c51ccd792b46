#pragma once

#include "simulator/engine/world.h"

// What the end of a task, a part or a unit sets free.
namespace pipedit::simulator {

// The task, or the arrival, has happened.
void complete(World&, Run&, int node);

// One of the things that the node waits for has happened.
void release(World&, Run&, int node);

// All tasks of the unit are done: its history is kept, its state is not.
void finish(World&, Run&);

// Counts tasks of the unit on this rank off what its host has to see drained.
void drain(World&, Run&, int participant, int tasks);

}  // namespace pipedit::simulator
