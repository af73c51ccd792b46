#include "executor/backends/cuda/cuda_backend.h"

#include <ATen/Context.h>
#include <fmt/format.h>

#include "core/error.h"
#include "executor/backends/cuda/check.h"
#include "executor/backends/cuda/cuda_lane.h"
#include "executor/backends/cuda/cuda_memory.h"
#include "executor/backends/cuda/cuda_session.h"
#include "executor/backends/cuda/event_pool.h"

namespace pipedit::executor {

int gpu_count() {
  int count = 0;
  if (cudaGetDeviceCount(&count) != cudaSuccess) return 0;
  return count;
}

bool reaches(int device, int other) {
  int possible = 0;
  check(cudaDeviceCanAccessPeer(&possible, device, other));
  return possible != 0;
}

CudaBackend::CudaBackend(CudaOptions options) : options_(options) {
  if (gpu_count() == 0) throw Error("no GPU that CUDA can use");
  let_segments_grow();
  at::globalContext().setAllowTF32CuBLAS(false);
  at::globalContext().setAllowTF32CuDNN(false);
}

CudaBackend::~CudaBackend() = default;

const LaneStreams& CudaBackend::streams(Rank rank, int device) {
  auto& streams = streams_[{rank, device}];
  if (!streams) streams = std::make_unique<LaneStreams>(device);
  return *streams;
}

EventPool& CudaBackend::pool(int device) {
  auto& pool = pools_[device];
  if (!pool) pool = std::make_unique<EventPool>(device);
  return *pool;
}

std::unique_ptr<Session> CudaBackend::open(const program::Program& program) {
  for (const DeviceId device : program.devices)
    if (static_cast<int>(device) >= gpu_count())
      throw Error(fmt::format("the plan uses GPU {}, and there are {}", static_cast<int>(device), gpu_count()));
  return std::make_unique<CudaSession>(program, *this, options_.poison);
}

}  // namespace pipedit::executor
