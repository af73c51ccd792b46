#include "executor/kernels/cuda/lasting_thread.h"

#include <utility>

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

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

void LastingThreads::run(c10::Device gpu, const std::function<void()>& work) {
  of(gpu).run([&, stream = c10::cuda::getCurrentCUDAStream(gpu.index()), inference = c10::InferenceMode::is_enabled()] {
    const c10::InferenceMode mode(inference);
    const c10::cuda::CUDAStreamGuard guard(stream);
    work();
  });
}

LastingThread& LastingThreads::of(c10::Device gpu) {
  const std::lock_guard lock(mutex_);
  std::unique_ptr<LastingThread>& thread = threads_[gpu.index()];
  if (thread == nullptr) thread = std::make_unique<LastingThread>();
  return *thread;
}

}  // namespace pipedit::executor::kernels::cuda
