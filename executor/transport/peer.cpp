#include "executor/transport/peer.h"

#include "executor/backends/cuda/cuda_lane.h"
#include "executor/transport/cuda_copies.h"

namespace pipedit::executor {

void PeerTransport::exchange(std::span<const Move> sent, std::span<const Move>, LaneContext& context) {
  CudaLane& lane = cuda_lane(context);
  for (const Move& move : sent) {
    check_boxes(move);
    if (move.from == move.to)
      copy_by_kernel(move.source, move.target, lane.stream());
    else
      copy_by_engine(move.source, move.target, lane.stream());
    lane.mark(move.arrived);
  }
}

}  // namespace pipedit::executor
