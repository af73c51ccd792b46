#pragma once

#include <vector>

#include "program/verify/events.h"
#include "program/verify/log.h"

// A log as what hosts enqueue. A host goes through its rank's tasks in the order of the log; one that makes a task wait
// for another rank's stands until that one has been enqueued, because only then is there an event to wait for.
namespace pipedit::program {

struct Enqueued {
  int unit = 0, call = 0;
  TaskId task{};
};

struct HostGraph {
  std::vector<Enqueued> events;
  std::vector<Edge> edges;
};

HostGraph host_graph(const Program&, const Log&);

}  // namespace pipedit::program
