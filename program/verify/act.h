#pragma once

#include <array>
#include <string>

#include "program/verify/log.h"

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

// How an exchange is read: those of the hand lane always in turn.
Reading reading_of(const Segment&, const Task& member);

// As name_in; a part with where it goes: "... / exchange_k @ rank 0 (part to rank 2)".
std::string name_of_act(const Log&, const Act&);

}  // namespace pipedit::program
