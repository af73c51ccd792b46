#pragma once

#include <array>
#include <string>
#include <vector>

#include "program/verify/events.h"
#include "program/verify/log.h"

// A log as events on devices and what orders them: lanes, waits, arrivals, both readings of an exchange, barriers
// between units.
namespace pipedit::program {

// What touches memory: a task, or one part of an exchange. It happens after the event `begin` and before each of `ends`
// (both the task's one event, mostly), which stand in chains.
struct Act {
  int unit = 0, call = 0;
  TaskId task{};
  int part = -1;  // of the exchange that the task stands for
  int begin = -1;
  std::array<int, 2> ends{-1, -1};
};

struct DeviceGraph {
  std::vector<int> chain, position;  // by event; a chain is a lane of a rank; -1: a join
  std::vector<int> act;              // by event: whose it is, or -1
  std::vector<Act> acts;             // an exchange without parts to send has one too (its parts lie elsewhere)
  std::vector<Edge> edges;
  int chains = 0;

  int events() const { return static_cast<int>(chain.size()); }
};

DeviceGraph device_graph(const Program&, const Log&);

// How an exchange is read: those of the hand lane always in turn.
Reading reading_of(const Segment&, const Task& member);

std::string name_of_act(const Log&,
                        const Act&);  // as name_in, a part with its ends: "... exchange_k @ rank 0 (to rank 2)"

}  // namespace pipedit::program
