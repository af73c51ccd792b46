#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <vector>

#include "executor/backend.h"
#include "executor/backends/cpu/parking.h"
#include "executor/backends/cuda/cuda_backend.h"
#include "executor/backends/cuda/cuda_memory.h"
#include "executor/backends/cuda/cuda_queues.h"
#include "executor/stall.h"
#include "executor/transport/transport.h"

namespace pipedit::executor {

class CudaSession : public Session {
 public:
  CudaSession(const program::Program&, CudaBackend&, bool poison);
  ~CudaSession() override;

  Nanos now() const override { return std::chrono::steady_clock::now() - opened_; }
  std::byte* memory(Rank, program::Place) const override;
  int gpu(Rank rank) const override { return static_cast<int>(program_->devices[index(rank)]); }
  std::unique_ptr<EventBlock> make_events(std::span<const int> counts) override;
  bool is_set(Event) const override;
  RankQueues& queues(Rank rank) override { return *queues_[index(rank)]; }
  PartTransport& transport(Transport) override;
  void notify() override { parking_.wake_all(); }
  void abort() noexcept override;
  bool aborted() const override { return aborted_.load(); }

  Parking::TimePoint time_point(Nanos time) const { return opened_ + time; }
  Stuck stuck() const;  // only while every host sleeps

 private:
  const program::Program* program_;
  Parking::TimePoint opened_;
  std::atomic<bool> aborted_ = false;
  Parking parking_;
  std::vector<DeviceMemory> device_;                          // by rank
  std::vector<PinnedMemory> pinned_;                          // by rank
  std::array<std::unique_ptr<PartTransport>, 4> transports_;  // by kind, those that the program uses
  std::vector<std::unique_ptr<CudaQueues>> queues_;           // by rank
};

}  // namespace pipedit::executor
