#pragma once

#include <vector>

#include "executor/backends/cuda/cuda_memory.h"
#include "executor/transport/transport.h"

namespace pipedit::executor {

// Every part takes a way through pinned host memory, on purpose: to study slow links. The sender's stream does both
// copies.
class StagedTransport : public PartTransport {
 public:
  explicit StagedTransport(const program::Program&);
  void exchange(std::span<const Move> sent, std::span<const Move> received, LaneContext&) override;

 private:
  std::vector<PinnedMemory> staging_;  // by rank, as large as the largest share that it sends
};

}  // namespace pipedit::executor
