#include "executor/backends/cuda/event_pool.h"

#include "executor/backends/cuda/check.h"

namespace pipedit::executor {

EventPool::~EventPool() {
  for (const cudaEvent_t event : free_) cudaEventDestroy(event);
}

cudaEvent_t EventPool::take() {
  {
    const std::lock_guard lock(mutex_);
    if (!free_.empty()) {
      const cudaEvent_t event = free_.back();
      free_.pop_back();
      return event;
    }
  }
  const OnDevice here(device_);
  cudaEvent_t event = nullptr;
  check(cudaEventCreate(&event));
  return event;
}

void EventPool::give(cudaEvent_t event) noexcept {
  const std::lock_guard lock(mutex_);
  free_.push_back(event);
}

StreamPoint EventPool::record(cudaStream_t stream) {
  StreamPoint point(take(), [this](cudaEvent_t event) { give(event); });
  check(cudaEventRecord(point.get(), stream));
  return point;
}

bool reached(const StreamPoint& point) {
  const cudaError_t status = cudaEventQuery(point.get());
  if (status == cudaErrorNotReady) {
    cudaGetLastError();  // it is no error, and must not be taken for one of the thread's next call
    return false;
  }
  check(status);
  return true;
}

}  // namespace pipedit::executor
