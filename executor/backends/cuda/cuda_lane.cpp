#include "executor/backends/cuda/cuda_lane.h"

#include <utility>

#include "executor/backends/cuda/check.h"

namespace pipedit::executor {

OwnedStream::OwnedStream(int device) : device_(device) {
  const OnDevice here(device);
  check(cudaStreamCreateWithFlags(&stream_, cudaStreamNonBlocking));
}

OwnedStream::OwnedStream(OwnedStream&& other) noexcept
    : device_(other.device_), stream_(std::exchange(other.stream_, nullptr)) {}

OwnedStream::~OwnedStream() {
  if (stream_ != nullptr) cudaStreamDestroy(stream_);
}

LaneStreams::LaneStreams(int device) {
  for (int lane = 0; lane < program::kLanes; ++lane) lanes.emplace_back(device);
}

c10::cuda::CUDAStream CudaLane::torch_stream() const {
  return c10::cuda::getStreamFromExternal(stream(), static_cast<c10::DeviceIndex>(device()));
}

void CudaLane::mark(Event event) { mark(event, record()); }

void CudaLane::mark(Event event, const StreamPoint& point) { cuda_events(event).mark(event.index, {point, stream()}); }

}  // namespace pipedit::executor
