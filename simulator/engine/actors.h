#pragma once

#include "simulator/engine/world.h"

// Actors: their logs of units, barriers, draws, hand-overs and decisions.
namespace pipedit::simulator {

// The rank's host has come to the end of its log: appends its actor's next unit if that can be known already.
void extend(World&, int rank);

// Everything that is decided in this instant, once: barriers that fall, latents and slots that come free, draws, units
// that start. False when nothing happened.
bool decide(World&);

// Its log is at an end, and all its ranks' lanes but the writers' are drained.
bool parked(const World&, const ActorState&, ActorId);

// Parked at the draw of a latent, with none there or on its way, and not lent.
bool idle(const World&, ActorId);

// No unit will come any more.
bool exhausted(const World&, ActorId);

// Marks the unit as started now, without its tasks.
void mark_started(World&, Run&);

}  // namespace pipedit::simulator
