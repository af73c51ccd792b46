#pragma once

#include "executor/transport/transport.h"

namespace pipedit::executor {

// memcpy by the sender's thread, run by run.
class HostTransport : public PartTransport {
 public:
  void exchange(std::span<const Move> sent, std::span<const Move> received, LaneContext&) override;
};

}  // namespace pipedit::executor
