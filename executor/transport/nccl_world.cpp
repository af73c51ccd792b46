#include "executor/transport/nccl_world.h"

#include "executor/backends/cuda/check.h"
#include "executor/backends/cuda/cuda_memory.h"

namespace pipedit::executor {

NcclWorld::NcclWorld(std::vector<int> devices) : devices_(std::move(devices)) {
  for (const int device : devices_) comms_.emplace_back(device);
  begin();
  connect();
}

NcclWorld::~NcclWorld() {
  if (aborted_) return;
  try {
    close();
  } catch (...) {
    abort();
  }
}

void NcclWorld::begin() {
  ncclUniqueId id;
  check(ncclGetUniqueId(&id));
  NcclGroup group;
  for (std::size_t rank = 0; rank < comms_.size(); ++rank)
    comms_[rank].begin(static_cast<int>(rank), static_cast<int>(comms_.size()), id);
  group.end();
}

// NCCL connects two ranks when one first sends to the other, and whoever calls then waits for the peer's call: here all
// calls are one thread's.
void NcclWorld::connect() {
  std::vector<DeviceMemory> memory;
  for (const int device : devices_)
    memory.push_back(device_memory(device, Bytes{2 * static_cast<std::int64_t>(devices_.size())}, false));
  try {
    greet(memory);
  } catch (...) {
    abort();  // before the memory goes, which waits for kernels that may wait for a peer
    throw;
  }
}

void NcclWorld::greet(const std::vector<DeviceMemory>& memory) {
  const auto ranks = static_cast<int>(comms_.size());
  NcclGroup group;
  for (int rank = 0; rank < ranks; ++rank)
    comms_[static_cast<std::size_t>(rank)].with([&](ncclComm_t comm) {
      std::byte* bytes = memory[static_cast<std::size_t>(rank)].get();
      for (int peer = 0; peer < ranks; ++peer) {
        if (peer == rank) continue;
        check(ncclSend(bytes + peer, 1, ncclUint8, peer, comm, nullptr));
        check(ncclRecv(bytes + ranks + peer, 1, ncclUint8, peer, comm, nullptr));
      }
    });
  group.end();
  for (const int device : devices_) {
    const OnDevice here(device);
    check(cudaStreamSynchronize(nullptr));
  }
}

void NcclWorld::close() {
  NcclGroup group;
  for (NcclComm& comm : comms_) comm.begin_close();
  group.end();
  for (NcclComm& comm : comms_) comm.close();
}

void NcclWorld::abort() noexcept {
  aborted_ = true;
  for (NcclComm& comm : comms_) comm.abort();
}

}  // namespace pipedit::executor
