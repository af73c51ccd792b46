#pragma once

#include "executor/transport/transport.h"

namespace pipedit::executor {

// Copy engines between GPUs, on the sender's stream; no multiprocessor is used. A rank's own parts are copied by a
// kernel: a copy engine is slower inside of a GPU, and the others' parts need it.
class PeerTransport : public PartTransport {
 public:
  void exchange(std::span<const Move> sent, std::span<const Move> received, LaneContext&) override;
};

}  // namespace pipedit::executor
