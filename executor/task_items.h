#pragma once

#include <memory>

#include "executor/walker.h"

namespace pipedit::executor {

// Enqueues one task of a unit on its lane: its waits, its operation or its share of an exchange, its event.
void enqueue_task(const Run&, OpCache&, RankQueues&, const std::shared_ptr<const UnitRun>&, int call, int task, Times*);

}  // namespace pipedit::executor
