#pragma once

#include "executor/backend.h"
#include "executor/ops/op.h"

namespace pipedit::executor {

// Moves the bytes of a part. One file a transport.
class PartTransport {
 public:
  virtual ~PartTransport() = default;

  // From a box to an equal one, on the sender's lane; their strides may differ.
  virtual void move(const View& source, const View& target, LaneContext&) = 0;
};

}  // namespace pipedit::executor
