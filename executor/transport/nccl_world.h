#pragma once

#include <deque>
#include <vector>

#include "executor/backends/cuda/cuda_memory.h"
#include "executor/transport/nccl_comm.h"

namespace pipedit::executor {

// The communicators of ranks that have a GPU each, connected to each other. Closed when it goes, if nobody aborted it.
class NcclWorld {
 public:
  // By rank. Throws Error where a communicator cannot be made.
  explicit NcclWorld(std::vector<int> devices);
  ~NcclWorld();

  const std::vector<int>& devices() const { return devices_; }
  NcclComm& comm(std::size_t rank) { return comms_[rank]; }
  bool aborted() const { return aborted_; }
  void abort() noexcept;  // from any thread

 private:
  void begin();
  void connect();
  void greet(const std::vector<DeviceMemory>&);
  void close();

  std::vector<int> devices_;
  std::deque<NcclComm> comms_;  // by rank
  std::atomic<bool> aborted_ = false;
};

}  // namespace pipedit::executor
