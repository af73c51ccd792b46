#include "program/nccl_memory.h"

#include <algorithm>

namespace pipedit::program {

namespace {

constexpr Bytes kConnections{1'000'000'000};  // 0.91 GiB a GPU between two H200s; more GPUs have not been tried

bool slots_are_runs(const Program& program, const Region& region) {
  const Extent& extent = program.buffer(region.buffer).extent;
  return region.rows.size() == 1 || extent.layout == Layout::slot_major || extent.slots == 1;
}

Bytes staged_bytes(const Program& program, const Region& region) {
  return slots_are_runs(program, region) ? Bytes{} : bytes_of(program, region);
}

// Calls f(source or target) for the ends that the rank has in an exchange with others.
template <class F>
void for_each_end(const Exchange& exchange, Rank rank, F f) {
  if (exchange.transport != Transport::nccl) return;
  for (const Part& part : exchange.parts) {
    if (part.from == part.to) continue;
    if (part.from == rank) f(part.source);
    if (part.to == rank) f(part.target);
  }
}

}  // namespace

Bytes nccl_staging(const Program& program, Rank rank) {
  Bytes largest;
  for (const Segment& segment : program.segments)
    for (const Exchange& exchange : segment.exchanges) {
      Bytes share;
      for_each_end(exchange, rank, [&](const Region& end) { share += staged_bytes(program, end); });
      largest = std::max(largest, share);
    }
  return largest;
}

Bytes nccl_memory(const Program& program, Rank rank) {
  int ends = 0;
  for (const Segment& segment : program.segments)
    for (const Exchange& exchange : segment.exchanges) for_each_end(exchange, rank, [&](const Region&) { ++ends; });
  return ends == 0 ? Bytes{} : kConnections + nccl_staging(program, rank);
}

}  // namespace pipedit::program
