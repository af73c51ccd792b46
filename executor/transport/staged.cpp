#include "executor/transport/staged.h"

#include <algorithm>

#include "executor/backends/cuda/cuda_lane.h"
#include "executor/transport/cuda_copies.h"

namespace pipedit::executor {

namespace {

std::vector<Bytes> largest_shares(const program::Program& program) {
  std::vector<Bytes> largest(static_cast<std::size_t>(program.ranks()));
  for (const program::Segment& segment : program.segments)
    for (const program::Exchange& exchange : segment.exchanges) {
      std::vector<Bytes> share(largest.size());
      for (const program::Part& part : exchange.parts)
        if (part.from != part.to) share[index(part.from)] += program::bytes_of(program, part.source);
      for (std::size_t rank = 0; rank < share.size(); ++rank) largest[rank] = std::max(largest[rank], share[rank]);
    }
  return largest;
}

}  // namespace

StagedTransport::StagedTransport(const program::Program& program) {
  for (const Bytes size : largest_shares(program)) staging_.push_back(pinned_memory(size, false));
}

// The stream's next exchange overwrites the staging memory only after this one has read it.
void StagedTransport::exchange(std::span<const Move> sent, std::span<const Move>, LaneContext& context) {
  CudaLane& lane = cuda_lane(context);
  std::int64_t offset = 0;
  for (const Move& move : sent) {
    check_boxes(move);
    if (move.from == move.to) {
      copy_by_kernel(move.source, move.target, lane.stream());
    } else {
      const View between = dense(move.source, staging_[index(move.from)].get() + offset, -1);
      copy_by_engine(move.source, between, lane.stream());
      copy_by_engine(between, move.target, lane.stream());
      offset += bytes_of(move.source);
    }
    lane.mark(move.arrived);
  }
}

}  // namespace pipedit::executor
