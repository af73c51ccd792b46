#include "executor/backends/cuda/cuda_session.h"

#include <set>

#include <fmt/format.h>

#include "core/error.h"
#include "executor/backends/cuda/check.h"
#include "executor/backends/cuda/cuda_events.h"
#include "executor/transport/nccl.h"
#include "executor/transport/peer.h"
#include "executor/transport/staged.h"

namespace pipedit::executor {

using namespace program;

namespace {

void let_reach(int device, int other) {
  if (!reaches(device, other))
    throw Error(
        fmt::format("GPU {} cannot reach the memory of GPU {}: use the transport nccl or staged", device, other));
  const OnDevice here(device);
  const cudaError_t status = cudaDeviceEnablePeerAccess(other, 0);
  if (status == cudaErrorPeerAccessAlreadyEnabled)
    cudaGetLastError();
  else
    check(status);
}

void connect_peers(const Program& program) {
  std::set<int> devices;
  for (const DeviceId device : program.devices) devices.insert(static_cast<int>(device));
  for (const int device : devices)
    for (const int other : devices)
      if (device != other) let_reach(device, other);
}

std::set<Transport> transports_of(const Program& program) {
  std::set<Transport> used;
  for (const Segment& segment : program.segments)
    for (const Exchange& exchange : segment.exchanges) used.insert(exchange.transport);
  return used;
}

std::unique_ptr<PartTransport> make_transport(Transport kind, const Program& program, CudaBackend& backend) {
  switch (kind) {
    case Transport::peer:
      connect_peers(program);
      return std::make_unique<PeerTransport>();
    case Transport::staged:
      return std::make_unique<StagedTransport>(program);
    case Transport::nccl:
      return make_nccl_transport(program, backend);
    case Transport::host:
      break;
  }
  throw Error("the transport host moves bytes between CPU ranks: on GPUs there are peer, nccl and staged");
}

}  // namespace

CudaSession::CudaSession(const Program& program, CudaBackend& backend, bool poison)
    : program_(&program), parking_(program) {
  if (program.ranks() > kMaxCudaRanks)
    throw Error(fmt::format("at most {} ranks run in one process, the program has {}", kMaxCudaRanks, program.ranks()));
  for (const Transport kind : transports_of(program))
    transports_[static_cast<std::size_t>(kind)] = make_transport(kind, program, backend);
  for (int number = 0; number < program.ranks(); ++number) {
    const Rank rank{number};
    const RankMemory& memory = program.memory[index(rank)];
    device_.push_back(device_memory(gpu(rank), memory.arena, poison));
    pinned_.push_back(pinned_memory(memory.pinned, poison));
    queues_.push_back(
        std::make_unique<CudaQueues>(rank, *this, backend.streams(rank, gpu(rank)), backend.pool(gpu(rank)), parking_));
  }
  opened_ = std::chrono::steady_clock::now();
}

// Lanes end before the memory that they work on goes, and transports before anybody waits for their streams: a peer
// that failed would be waited for without end.
CudaSession::~CudaSession() {
  if (aborted())
    for (auto& transport : transports_) transport.reset();
  queues_.clear();
}

std::byte* CudaSession::memory(Rank rank, Place place) const {
  return place == Place::device ? device_[index(rank)].get() : pinned_[index(rank)].get();
}

std::unique_ptr<EventBlock> CudaSession::make_events(std::span<const int> counts) {
  return std::make_unique<CudaEvents>(counts, parking_);
}

bool CudaSession::is_set(Event event) const { return cuda_events(event).reached(event.index); }

PartTransport& CudaSession::transport(Transport kind) { return *transports_[static_cast<std::size_t>(kind)]; }

void CudaSession::abort() noexcept {
  aborted_ = true;
  for (auto& transport : transports_)
    if (transport) transport->abort();
  parking_.wake_all();
}

Stuck CudaSession::stuck() const {
  Stuck stuck;
  for (const auto& queues : queues_)
    for (const Item* item : queues->stuck()) {
      stuck.heads.push_back(item);
      stuck.items.push_back(item);
    }
  return stuck;
}

}  // namespace pipedit::executor
