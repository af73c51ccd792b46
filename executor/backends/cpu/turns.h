#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>

#include "core/ids.h"

namespace pipedit::executor {

// Who computes on a device's slots (program.h: kCpuTurn). Without it an operating system would cut tasks wherever it
// likes, and no time of a task would mean anything.
class Turns {
 public:
  explicit Turns(int slots) : free_(slots) {}

  // Blocks until the caller has a slot: the first in line gets the first that is free.
  void take();
  void give();

  // Whether the turn that began then is over: it has lasted, and somebody is in line.
  bool is_over(std::chrono::steady_clock::time_point begin) const;

 private:
  struct Waiting {
    std::condition_variable signal;
    bool served = false;
  };
  mutable std::mutex mutex_;
  std::deque<Waiting*> line_;
  int free_;
};

}  // namespace pipedit::executor
