#pragma once

#include "executor/transport/transport.h"

namespace pipedit::executor {

// memcpy by the sender's thread, run by run.
class HostTransport : public PartTransport {
 public:
  void move(const View& source, const View& target, LaneContext&) override;
};

}  // namespace pipedit::executor
