#pragma once

#include "simulator/engine/world.h"

// How units get into the logs of their actor and of the ranks that take part.
namespace pipedit::simulator {

struct Appended {
  int alternative = 0;
  bool drain_first = false;  // hosts wait for their device before they go on to it
};

// Puts the actor's next unit into its log and those of the ranks that take part.
void append_next(World&, ActorId, Appended);

}  // namespace pipedit::simulator
