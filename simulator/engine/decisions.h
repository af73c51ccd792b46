#pragma once

#include "simulator/engine/world.h"

namespace pipedit::simulator {

// Takes the decision of the actor's next unit at its barrier and appends the unit; helpers are lent in the same step.
// False where a replayed decision has to wait until they are idle.
bool decide_alternative(World&, ActorId);

}  // namespace pipedit::simulator
