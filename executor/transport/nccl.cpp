#include "executor/transport/nccl.h"

#include <cstdlib>
#include <deque>
#include <thread>

#include <fmt/format.h>

#include "core/error.h"
#include "executor/backends/cuda/check.h"
#include "executor/backends/cuda/cuda_backend.h"
#include "executor/backends/cuda/cuda_lane.h"
#include "executor/backends/cuda/cuda_memory.h"
#include "executor/backends/cuda/event_pool.h"
#include "executor/transport/cuda_copies.h"
#include "executor/transport/nccl_world.h"
#include "program/nccl_memory.h"

namespace pipedit::executor {

using namespace program;

namespace {

void check_devices(const Program& program) {
  for (std::size_t rank = 0; rank < program.devices.size(); ++rank)
    for (std::size_t other = 0; other < rank; ++other)
      if (program.devices[rank] == program.devices[other])
        throw Error(fmt::format("the transport nccl needs a GPU for each rank, and ranks {} and {} share GPU {}", other,
                                rank, index(program.devices[rank])));
}

// One member's share while it is enqueued.
class Share {
 public:
  Share(std::byte* staging, CudaLane& lane) : staging_(staging), lane_(lane) {}

  // The move's source, or a dense copy of it.
  View source_of(const Move& move) {
    if (executor::slots_are_runs(move.source)) return move.source;
    const View staged = place(move.source);
    copy_by_kernel(move.source, staged, lane_.stream());
    return staged;
  }

  // Where it is received: its target, or memory from which unpack() brings it there.
  View target_of(const Move& move) {
    if (executor::slots_are_runs(move.target)) return move.target;
    const View staged = place(move.target);
    unpack_.push_back({staged, move.target});
    return staged;
  }

  void unpack() const {
    for (const auto& [staged, target] : unpack_) copy_by_kernel(staged, target, lane_.stream());
  }

 private:
  View place(const View& view) {
    const View staged = dense(view, staging_ + offset_, lane_.device());
    offset_ += bytes_of(view);
    return staged;
  }

  std::byte* staging_;
  CudaLane& lane_;
  std::int64_t offset_ = 0;
  std::vector<std::pair<View, View>> unpack_;
};

// A message a slot, on both sides.
template <class Call>
void for_each_slot(const View& view, Call call) {
  const auto bytes = static_cast<std::size_t>(view.rows * row_bytes(view));
  for (std::int64_t slot = 0; slot < view.slots; ++slot) call(view.data + slot * view.slot_stride, bytes);
}

class NcclTransport : public PartTransport {
 public:
  NcclTransport(const Program& program, std::shared_ptr<NcclWorld> world)
      : world_(std::move(world)), under_way_(world_->devices().size()) {
    for (int rank = 0; rank < program.ranks(); ++rank)
      staging_.push_back(
          device_memory(world_->devices()[static_cast<std::size_t>(rank)], nccl_staging(program, Rank{rank}), false));
  }

  void exchange(std::span<const Move> sent, std::span<const Move> received, LaneContext& context) override {
    if (sent.empty() && received.empty()) return;
    const std::size_t rank = index(sent.empty() ? received.front().to : sent.front().from);
    CudaLane& lane = cuda_lane(context);
    keep_back(rank);
    Share share(staging_[rank].get(), lane);
    std::vector<View> sources, targets;
    for (const Move& move : sent) sources.push_back(move.from == move.to ? move.source : share.source_of(move));
    for (const Move& move : received) targets.push_back(share.target_of(move));
    world_->comm(rank).with([&](ncclComm_t comm) { post(sent, sources, received, targets, comm, lane.stream()); });
    share.unpack();
    for (const Move& move : received) lane.mark(move.arrived);
    for (const Move& move : sent) keep_own(move, lane);
    under_way_[rank].push_back(lane.record());
  }

  void abort() noexcept override { world_->abort(); }

 private:
  // A rank is at most so many exchanges ahead of its GPU. Whoever fills a stream is held in CUDA, with locks that the
  // peer's thread needs to send what the stream waits for.
  void keep_back(std::size_t rank) {
    constexpr std::size_t kMost = 32;
    auto& under_way = under_way_[rank];
    while (under_way.size() >= kMost) {
      world_->comm(rank).check_state();
      if (reached(under_way.front()))
        under_way.pop_front();
      else
        std::this_thread::yield();
    }
  }

  static void post(std::span<const Move> sent, const std::vector<View>& sources, std::span<const Move> received,
                   const std::vector<View>& targets, ncclComm_t comm, cudaStream_t stream) {
    NcclGroup group;
    for (std::size_t i = 0; i < sent.size(); ++i) {
      if (sent[i].from == sent[i].to) continue;
      check_boxes(sent[i]);
      for_each_slot(sources[i], [&](std::byte* data, std::size_t bytes) {
        check(ncclSend(data, bytes, ncclUint8, static_cast<int>(sent[i].to), comm, stream));
      });
    }
    for (std::size_t i = 0; i < received.size(); ++i)
      for_each_slot(targets[i], [&](std::byte* data, std::size_t bytes) {
        check(ncclRecv(data, bytes, ncclUint8, static_cast<int>(received[i].from), comm, stream));
      });
    group.end();
  }

  static void keep_own(const Move& move, CudaLane& lane) {
    if (move.from != move.to) return;
    check_boxes(move);
    copy_by_kernel(move.source, move.target, lane.stream());
    lane.mark(move.arrived);
  }

  std::shared_ptr<NcclWorld> world_;
  std::vector<DeviceMemory> staging_;               // by rank
  std::vector<std::deque<StreamPoint>> under_way_;  // by rank: the ends of exchanges
};

}  // namespace

bool is_built_with_nccl() { return true; }

// Multicast can put a host's GPUs out of service for those who share them; NCCL reads the variable when it starts.
std::unique_ptr<PartTransport> make_nccl_transport(const Program& program, CudaBackend& backend) {
  setenv("NCCL_NVLS_ENABLE", "0", 1);
  check_devices(program);
  std::vector<int> devices;
  for (const DeviceId device : program.devices) devices.push_back(static_cast<int>(device));
  std::shared_ptr<NcclWorld>& world = backend.nccl_world();
  if (!world || world->aborted() || world->devices() != devices) {
    world.reset();
    world = std::make_shared<NcclWorld>(std::move(devices));
  }
  return std::make_unique<NcclTransport>(program, world);
}

}  // namespace pipedit::executor
