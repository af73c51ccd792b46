#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

#include "core/ids.h"
#include "executor/backends/cpu/slot_cpus.h"

namespace pipedit::executor {

// Who computes on a device's slots (program.h: kCpuTurn). Without it an operating system would cut tasks wherever it
// likes, and no time of a task would mean anything.
class Turns {
 public:
  explicit Turns(SlotCpus);

  // Blocks until the calling thread has a slot, and returns it: the first in line gets the first that is free. It stays
  // on the slot's CPU until it gives the slot back.
  int take();
  void give(int slot);

  // Whether the turn that began then is over: it has lasted, and somebody is in line.
  bool is_over(std::chrono::steady_clock::time_point begin) const;

 private:
  struct Waiting {
    std::condition_variable signal;
    pid_t thread;
    int slot = -1;
  };
  int take_free();

  const SlotCpus cpus_;
  mutable std::mutex mutex_;
  std::deque<Waiting*> line_;
  std::vector<int> free_;
};

}  // namespace pipedit::executor
