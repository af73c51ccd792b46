#pragma once

#include "simulator/engine/world.h"

namespace pipedit::simulator {

// When nothing can happen any more: throws Error naming what every rank waits at, unless all requests are done.
void check_all_done(const World&);

}  // namespace pipedit::simulator
