#include "executor/kernels/cuda/lasting_thread.h"

#include <utility>

#include <ATen/Parallel.h>

namespace pipedit::executor::kernels::cuda {

LastingThread::LastingThread() : thread_([this] { serve(); }) {}

LastingThread::~LastingThread() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void LastingThread::run(std::function<void()> work) {
  const std::lock_guard turn(callers_);
  std::packaged_task<void()> task(std::move(work));
  std::future<void> done = task.get_future();
  {
    const std::lock_guard lock(mutex_);
    work_ = std::move(task);
  }
  changed_.notify_all();
  done.get();
}

void LastingThread::serve() {
  at::set_num_threads(1);
  while (true) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stopped_ || work_.valid(); });
    if (!work_.valid()) return;
    std::packaged_task<void()> work = std::exchange(work_, {});
    lock.unlock();
    work();
  }
}

}  // namespace pipedit::executor::kernels::cuda
