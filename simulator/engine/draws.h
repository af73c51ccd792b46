#pragma once

#include "simulator/engine/world.h"

// Requests and latents: where actors draw them from and hand them to.
namespace pipedit::simulator {

// Draws requests and latents for actors that are parked, the longest idle one first. False when there is none to draw.
bool draw(World&);

// Latents of hand units that are complete get to their receivers, slots of decoded ones become free.
bool deliver(World&);

// A slot at the receiver of the actor's next unit. False when all are taken.
bool take_slot(World&, ActorState& sender);

}  // namespace pipedit::simulator
