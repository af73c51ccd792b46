#pragma once

#include <vector>

#include "program/verify/act.h"
#include "program/verify/events.h"
#include "program/verify/log.h"

// A log as events on devices and what orders them: lanes, waits, arrivals, both readings of an exchange, barriers
// between units.
namespace pipedit::program {

struct DeviceGraph {
  std::vector<int> chain, position;  // by event; a chain is a lane of a rank; -1: a join
  std::vector<int> act;              // by event: whose it is, or -1
  std::vector<Act> acts;             // an exchange without parts to send has one too (its parts lie elsewhere)
  std::vector<Edge> edges;
  int chains = 0;

  int events() const { return static_cast<int>(chain.size()); }
};

DeviceGraph device_graph(const Program&, const Log&);

}  // namespace pipedit::program
