#pragma once

#include <map>
#include <memory>
#include <utility>

#include "executor/backend.h"

namespace pipedit::executor {

class EventPool;
class NcclWorld;
struct LaneStreams;

struct CudaOptions {
  bool poison = false;  // memory starts as NaNs, so that a read of what nobody wrote shows
};

// Ranks as threads of this process, each on the GPU that Program::devices says; several may share one. Streams and
// events serve one run after another, so that a short run warms up a long one. fp32 is fp32: TF32 is turned off.
class CudaBackend : public Backend {
 public:
  // Throws Error where there is no GPU.
  explicit CudaBackend(CudaOptions options = {});
  ~CudaBackend() override;

  // One run at a time. Throws Error also for a GPU that is not there and for GPUs that cannot reach each other.
  std::unique_ptr<Session> open(const program::Program&) override;

  const LaneStreams& streams(Rank, int device);
  EventPool& pool(int device);
  std::shared_ptr<NcclWorld>& nccl_world() { return nccl_world_; }  // the last run's, empty before the first

 private:
  CudaOptions options_;
  std::map<int, std::unique_ptr<EventPool>> pools_;  // by device
  std::map<std::pair<Rank, int>, std::unique_ptr<LaneStreams>> streams_;
  std::shared_ptr<NcclWorld> nccl_world_;
};

// GPUs that this process sees, and whether one's copies reach the memory of the other.
int gpu_count();
bool reaches(int device, int other);

}  // namespace pipedit::executor
