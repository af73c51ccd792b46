#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "core/units.h"

namespace pipedit::cli {

// Looks now and then at how much memory is held, ten times a second if nothing else is said, and keeps the most.
class MemoryWatch {
 public:
  // `held`: of each device, by whomever; called here, and then by a thread of the watch.
  explicit MemoryWatch(std::function<std::vector<Bytes>()> held, Nanos between = std::chrono::milliseconds{100});

  // The most that a device has held since this began, beyond what it held then; 0 of one that `held` says nothing of.
  Bytes most(int device) const;

 private:
  void watch(const std::stop_token& stop);
  void look();

  std::function<std::vector<Bytes>()> held_;
  Nanos between_;
  std::vector<Bytes> before_, most_;
  mutable std::mutex mutex_;
  std::condition_variable_any stopped_;
  std::jthread thread_;  // the last: it uses the others
};

}  // namespace pipedit::cli
