#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <vector>

#include "executor/backend.h"
#include "executor/backends/cpu/arena.h"
#include "executor/backends/cpu/cpu_backend.h"
#include "executor/backends/cpu/cpu_queues.h"
#include "executor/backends/cpu/parking.h"
#include "executor/backends/cpu/turns.h"
#include "executor/stall.h"
#include "executor/transport/host.h"

namespace pipedit::executor {

class CpuSession : public Session {
 public:
  CpuSession(const program::Program&, const CpuOptions&);

  Nanos now() const override;
  std::byte* memory(Rank, program::Place) const override;
  std::unique_ptr<EventBlock> make_events(std::span<const int> counts) override;
  bool is_set(Event) const override;
  RankQueues& queues(Rank rank) override { return *queues_[index(rank)]; }
  PartTransport& transport(Transport) override { return host_; }  // ranks share memory: every transport is a copy
  void notify() override { parking_.wake_all(); }
  void abort() noexcept override;
  bool aborted() const override { return aborted_.load(); }

  Parking::TimePoint time_point(Nanos time) const { return opened_ + time; }
  Stuck stuck() const;  // only while every host sleeps

 private:
  Turns& turns_of(const program::Program&, int rank);

  Parking parking_;
  std::deque<Turns> turns_;             // by device
  std::vector<Arena> device_, pinned_;  // by rank
  std::vector<std::unique_ptr<CpuQueues>> queues_;
  HostTransport host_;
  std::atomic<bool> aborted_ = false;
  Parking::TimePoint opened_;
};

}  // namespace pipedit::executor
