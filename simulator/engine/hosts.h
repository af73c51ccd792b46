#pragma once

#include "simulator/engine/world.h"

// Hosts: each enqueues its rank's tasks in order, ahead of the device.
namespace pipedit::simulator {

// Looks at the host again in this instant.
void wake_host(World&, int rank);

void advance_woken_hosts(World&);

// The task that the host was enqueueing is enqueued.
void host_done(World&, int rank);

// Whether the rank's host may go on to the log entry, there or not yet: at most one unit that is not done lies between.
bool may_run_ahead(const RankState&, int entry);

}  // namespace pipedit::simulator
