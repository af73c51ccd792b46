#include "program/nccl_memory.h"

#include <algorithm>
#include <set>

namespace pipedit::program {

namespace {

// A GPU's communicator: 0.98 GB on each of two H200s, 1.78 GB on each of four; eight have not been tried.
constexpr Bytes kCommunicator{600'000'000}, kEachPeer{400'000'000};

bool slots_are_runs(const Program& program, const Region& region) {
  const Extent& extent = program.buffer(region.buffer).extent;
  return region.rows.size() == 1 || extent.layout == Layout::slot_major || extent.slots == 1;
}

Bytes staged_bytes(const Program& program, const Region& region) {
  return slots_are_runs(program, region) ? Bytes{} : bytes_of(program, region);
}

// Calls f(source or target, the other rank) for the ends that the rank has in an exchange with others.
template <class F>
void for_each_end(const Exchange& exchange, Rank rank, F f) {
  if (exchange.transport != Transport::nccl) return;
  for (const Part& part : exchange.parts) {
    if (part.from == part.to) continue;
    if (part.from == rank) f(part.source, part.to);
    if (part.to == rank) f(part.target, part.from);
  }
}

std::set<Rank> peers_of(const Program& program, Rank rank) {
  std::set<Rank> peers;
  for (const Segment& segment : program.segments)
    for (const Exchange& exchange : segment.exchanges)
      for_each_end(exchange, rank, [&](const Region&, Rank peer) { peers.insert(peer); });
  return peers;
}

}  // namespace

Bytes nccl_staging(const Program& program, Rank rank) {
  Bytes largest;
  for (const Segment& segment : program.segments)
    for (const Exchange& exchange : segment.exchanges) {
      Bytes share;
      for_each_end(exchange, rank, [&](const Region& end, Rank) { share += staged_bytes(program, end); });
      largest = std::max(largest, share);
    }
  return largest;
}

Bytes nccl_memory(const Program& program, Rank rank) {
  const auto peers = static_cast<std::int64_t>(peers_of(program, rank).size());
  return peers == 0 ? Bytes{} : kCommunicator + kEachPeer * peers + nccl_staging(program, rank);
}

}  // namespace pipedit::program
