#pragma once

#include <memory>
#include <mutex>
#include <type_traits>
#include <vector>

#include <cuda_runtime_api.h>

namespace pipedit::executor {

// A point in a stream; its event goes back to the pool with the last handle, and the pool outlives them.
using StreamPoint = std::shared_ptr<std::remove_pointer_t<cudaEvent_t>>;

// Events of one device, which also tell the time. Creating one costs microseconds, so they are used again.
class EventPool {
 public:
  explicit EventPool(int device) : device_(device) {}
  ~EventPool();
  EventPool(const EventPool&) = delete;
  EventPool& operator=(const EventPool&) = delete;

  // Reached when the stream has done what it got so far. Any thread.
  StreamPoint record(cudaStream_t);

 private:
  cudaEvent_t take();
  void give(cudaEvent_t event) noexcept;

  int device_;
  std::mutex mutex_;
  std::vector<cudaEvent_t> free_;
};

// Whether the device got there. Throws Error where it failed on the way.
bool reached(const StreamPoint&);

}  // namespace pipedit::executor
