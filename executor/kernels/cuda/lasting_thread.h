#pragma once

#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <thread>

namespace pipedit::executor::kernels::cuda {

// A thread that outlives runs, for work that is quicker where it was done before: LibTorch keeps cuDNN's plans by
// thread, and a rank's own thread, which ends with its run, would ask for each of them anew.
class LastingThread {
 public:
  LastingThread();
  ~LastingThread();
  LastingThread(const LastingThread&) = delete;
  LastingThread& operator=(const LastingThread&) = delete;

  // Does the work there, and returns when it is done; throws what it threw. From any thread, in turn.
  void run(std::function<void()> work);

 private:
  void serve();

  std::mutex callers_;  // held by the one whose work is being done
  std::mutex mutex_;
  std::condition_variable changed_;
  std::packaged_task<void()> work_;
  bool stopped_ = false;
  std::thread thread_;
};

}  // namespace pipedit::executor::kernels::cuda
