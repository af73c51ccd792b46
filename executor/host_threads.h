#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

#include "core/ids.h"
#include "core/units.h"

namespace pipedit::executor {

// A thread for each rank, which outlives runs: libraries keep memory, kernels and plans by thread, so a short run can
// warm up a long one only on the same threads.
class HostThreads {
 public:
  HostThreads() = default;
  HostThreads(const HostThreads&) = delete;
  HostThreads& operator=(const HostThreads&) = delete;
  ~HostThreads();  // nothing is running

  // Calls `work`, which must not throw, for each of these ranks on its own thread. Not before all that was started is
  // done.
  void start(std::span<const Rank>, std::function<void(Rank)> work);

  // Whether all that was started is done, after this time at the latest.
  bool wait_for(Nanos);

 private:
  void serve(Rank);

  std::mutex mutex_;
  std::condition_variable called_, done_;
  std::function<void(Rank)> work_;
  std::vector<bool> has_work_;  // by rank, likewise
  int running_ = 0;
  bool ending_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace pipedit::executor
