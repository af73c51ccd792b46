#include "executor/backends/cuda/cuda_lane.h"

#include <utility>

#include "executor/backends/cuda/check.h"

namespace pipedit::executor {

OwnedStream::OwnedStream(int device, bool urgent) : device_(device) {
  const OnDevice here(device);
  int least = 0, greatest = 0;
  check(cudaDeviceGetStreamPriorityRange(&least, &greatest));
  check(cudaStreamCreateWithPriority(&stream_, cudaStreamNonBlocking, urgent ? greatest : least));
}

OwnedStream::OwnedStream(OwnedStream&& other) noexcept
    : device_(other.device_), stream_(std::exchange(other.stream_, nullptr)) {}

OwnedStream::~OwnedStream() {
  if (stream_ != nullptr) cudaStreamDestroy(stream_);
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
