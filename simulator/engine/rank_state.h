#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/units.h"
#include "program/program.h"
#include "simulator/engine/run.h"

namespace pipedit::simulator {

struct LogEntry {
  Run* run = nullptr;
  int participant = 0;
  int drain_left = 0;        // tasks not done on lanes compute, send, copy, hand
  bool drain_first = false;  // the host waits for all before it
};

struct Host {
  int entry = 0, place = 0;  // what it enqueues next
  Nanos busy_until{-1};      // while it enqueues it
  std::uint32_t version = 0;
  bool frozen = false;  // its unit is taken from the memo
  bool woken = false;
  std::vector<int> blocked;  // ranks whose hosts wait for this one
};

struct LaneState {
  int entry = 0, next = 0;  // log entry, place in the unit's lane
  bool running = false;
  bool woken = false;
};

struct RankState {
  int device = 0;
  int actor = 0;
  bool cpu = false;  // one thread for all lanes
  bool thread_busy = false;
  Nanos turn{-1};        // since when it has a slot of its CPU
  bool in_line = false;  // for one
  int first_open = 0;    // first log entry with something to drain
  int writers_left = 0;  // tasks on the writer lane that are in the log and not done
  std::vector<LogEntry> log;
  Host host;
  std::array<LaneState, program::kLanes> lanes;

  bool drained() const { return first_open == static_cast<int>(log.size()); }
};

}  // namespace pipedit::simulator
