#include "executor/backends/cuda/cuda_lane.h"

#include <map>
#include <mutex>
#include <utility>

#include "executor/backends/cuda/check.h"

namespace pipedit::executor {

namespace {

// Streams that nobody uses now.
class IdleStreams {
 public:
  cudaStream_t take(int device, bool urgent) {
    const std::scoped_lock lock(mutex_);
    auto& [idle, taken] = streams_[{device, urgent}];
    idle.reserve(idle.size() + ++taken);  // so that giving back cannot fail
    if (idle.empty()) return nullptr;
    const cudaStream_t stream = idle.back();
    idle.pop_back();
    return stream;
  }

  void give(int device, bool urgent, cudaStream_t stream) noexcept {
    const std::scoped_lock lock(mutex_);
    auto& [idle, taken] = streams_[{device, urgent}];
    --taken;
    idle.push_back(stream);
  }

 private:
  std::mutex mutex_;
  struct Streams {
    std::vector<cudaStream_t> idle;
    std::size_t taken = 0;
  };
  std::map<std::pair<int, bool>, Streams> streams_;
};

IdleStreams& idle_streams() {
  static IdleStreams idle;
  return idle;
}

cudaStream_t new_stream(int device, bool urgent) {
  const OnDevice here(device);
  int least = 0, greatest = 0;
  check(cudaDeviceGetStreamPriorityRange(&least, &greatest));
  cudaStream_t stream = nullptr;
  check(cudaStreamCreateWithPriority(&stream, cudaStreamNonBlocking, urgent ? greatest : least));
  return stream;
}

}  // namespace

OwnedStream::OwnedStream(int device, bool urgent)
    : device_(device), urgent_(urgent), stream_(idle_streams().take(device, urgent)) {
  if (stream_ == nullptr) stream_ = new_stream(device, urgent);
}

OwnedStream::OwnedStream(OwnedStream&& other) noexcept
    : device_(other.device_), urgent_(other.urgent_), stream_(std::exchange(other.stream_, nullptr)) {}

OwnedStream::~OwnedStream() {
  if (stream_ != nullptr) idle_streams().give(device_, urgent_, stream_);
}

LaneStreams::LaneStreams(int device) {
  const auto compute = static_cast<int>(program::Lane::compute);
  for (int lane = 0; lane < program::kLanes; ++lane) lanes.emplace_back(device, lane != compute);
}

c10::cuda::CUDAStream CudaLane::torch_stream() const {
  return c10::cuda::getStreamFromExternal(stream(), static_cast<c10::DeviceIndex>(device()));
}

void CudaLane::mark(Event event) { mark(event, record()); }

void CudaLane::mark(Event event, const StreamPoint& point) { cuda_events(event).mark(event.index, {point, stream()}); }

}  // namespace pipedit::executor
