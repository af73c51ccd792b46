#pragma once

#include <vector>

#include <c10/cuda/CUDAStream.h>

#include "executor/backend.h"
#include "executor/backends/cuda/cuda_events.h"
#include "executor/backends/cuda/event_pool.h"
#include "program/program.h"

namespace pipedit::executor {

// A stream of its own, which waits for nobody unless told to. What is urgent gets the multiprocessors that become free
// first. With nothing under way it goes to whoever wants one next, and is never destroyed: LibTorch's allocator waits
// for the streams whose memory it gives back, whenever that may be.
class OwnedStream {
 public:
  OwnedStream(int device, bool urgent);
  OwnedStream(OwnedStream&& other) noexcept;
  OwnedStream& operator=(OwnedStream&&) = delete;
  ~OwnedStream();
  cudaStream_t get() const { return stream_; }
  int device() const { return device_; }

 private:
  int device_;
  bool urgent_;
  cudaStream_t stream_ = nullptr;
};

// One rank's streams, one a lane; all but that of the compute lane are urgent: kernels of transfers are short, and
// other ranks wait for them. They outlive runs: LibTorch keeps freed memory by stream, and what one run has warmed up
// serves the next.
struct LaneStreams {
  explicit LaneStreams(int device);
  std::vector<OwnedStream> lanes;
};

// What work sees of a lane on a GPU.
class CudaLane : public LaneContext {
 public:
  CudaLane(const OwnedStream& stream, EventPool& pool) : stream_(&stream), pool_(&pool) {}

  cudaStream_t stream() const { return stream_->get(); }
  int device() const { return stream_->device(); }
  c10::cuda::CUDAStream torch_stream() const;

  StreamPoint record() { return pool_->record(stream()); }
  void mark(Event) override;
  void mark(Event, const StreamPoint&);

 private:
  const OwnedStream* stream_;
  EventPool* pool_;
};

inline CudaLane& cuda_lane(LaneContext& lane) { return static_cast<CudaLane&>(lane); }

}  // namespace pipedit::executor
