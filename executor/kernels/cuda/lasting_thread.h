#pragma once

#include <condition_variable>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include <c10/core/Device.h>

namespace pipedit::executor::kernels::cuda {

// A thread that outlives runs, for work that is quicker where it was done before: LibTorch keeps cuDNN's plans, of
// convolutions and of attention, by thread, and each rank of a GPU would ask for each anew on its own.
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

// One for each GPU, made when it is first asked for.
class LastingThreads {
 public:
  // On the GPU's thread with the caller's current stream and inference mode.
  void run(c10::Device gpu, const std::function<void()>& work);

 private:
  LastingThread& of(c10::Device gpu);

  std::mutex mutex_;
  std::map<int, std::unique_ptr<LastingThread>> threads_;
};

}  // namespace pipedit::executor::kernels::cuda
