#pragma once

#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "executor/backend.h"
#include "executor/backends/cpu/parking.h"
#include "executor/backends/cuda/cuda_lane.h"
#include "executor/backends/cuda/stream_log.h"
#include "executor/backends/cuda/writer_thread.h"

namespace pipedit::executor {

class CudaSession;

// Lanes of one rank on a GPU: streams, and a thread for the writer lane. An entry is given to its stream at once; where
// it waits for an event that is not recorded yet, the host waits first, and what it would enqueue next waits with it.
class CudaQueues : public RankQueues {
 public:
  CudaQueues(Rank, CudaSession&, const LaneStreams&, EventPool&, Parking&);
  ~CudaQueues() override;

  void bind() override;
  void enqueue(program::Lane, Item) override;
  void wait_until(const std::function<bool()>& ready, std::optional<Nanos> deadline) override;
  bool reached(Event) override;
  void drain() override;
  void leave() noexcept override { parking_->leave(); }

  // What its host or its writer waits for, and nobody has recorded; only while every host sleeps.
  std::vector<const Item*> stuck() const;

 private:
  void give(CudaLane&, const Item&);
  void run(CudaLane&, const Item&);
  void wait_recorded(Event);
  void sleep(std::optional<Nanos> deadline);
  void check_run() const;
  void settle();
  bool streams_empty() const;
  bool device_at_work() const;

  Rank rank_;
  CudaSession* session_;
  Parking* parking_;
  std::vector<CudaLane> lanes_;
  std::array<StreamLog, program::kLanes> logs_;
  std::optional<DeviceClock> clock_;
  const Item* blocked_ = nullptr;
  bool polls_ = false;  // somebody asked about an event that a device has yet to reach
  WriterThread writer_;
};

}  // namespace pipedit::executor
