#pragma once

#include "simulator/engine/world.h"

// What gets into an actor's log: requests and latents that are drawn, units that follow.
namespace pipedit::simulator {

struct Appended {
  int alternative = 0;
  bool drain_first = false;  // hosts wait for their device before they go on to it
};

// Puts the actor's next unit into its log and those of the ranks that take part.
void append_next(World&, ActorId, Appended);

// Draws requests and latents for actors that are parked, the longest idle one first. False when there is none to draw.
bool draw(World&);

// Latents of hand units that are complete get to their receivers, slots of decoded ones become free.
bool deliver(World&);

// A slot at the receiver of the actor's next unit. False when all are taken.
bool take_slot(World&, ActorState& sender);

}  // namespace pipedit::simulator
