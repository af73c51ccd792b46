#pragma once

#include "simulator/engine/world.h"

// How the ranks of a CPU share its slots (program.h: kCpuTurn). Tasks there run at full speed, whatever else runs.
namespace pipedit::simulator {

// Passes what takes no work at the heads of the rank's lanes, unless its thread is at a task; take_turns() looks at the
// rest.
void look_at_thread(World&, int rank);

// When all else of this instant is done: ranks with something to do join the line, then slots that nobody uses any more
// are given back, then turns that are over end; of several ranks the smaller comes first. A free slot goes to the first
// in line. Nothing completes here.
void take_turns(World&);

// How long the rank has had its slot; -1: it has none. At most kCpuTurn, and 0 where every rank of the device can have
// one, since more makes no difference.
Nanos age_of_turn(const World&, int rank);

// Gives the rank a free slot, as if its turn had begun so long ago.
void resume_turn(World&, int rank, Nanos age);

}  // namespace pipedit::simulator
