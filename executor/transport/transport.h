#pragma once

#include <span>

#include "executor/backend.h"
#include "executor/ops/op.h"

namespace pipedit::executor {

// A part where it lies: from a box to an equal one; their strides may differ.
struct Move {
  Rank from{}, to{};
  View source, target;
  Event arrived;  // of the receiver; to be marked once for each part
};

// Moves the bytes of an exchange. One file a transport.
class PartTransport {
 public:
  virtual ~PartTransport() = default;

  // One member's share, on its lane: what it sends, its own parts too, in listed order, and what comes to it from
  // others.
  virtual void exchange(std::span<const Move> sent, std::span<const Move> received, LaneContext&) = 0;

  // Releases whoever waits for a peer that will not come; from any thread.
  virtual void abort() noexcept {}
};

// Throws Error where source and target are boxes of different size.
void check_boxes(const Move&);
inline std::int64_t row_bytes(const View& view) { return view.elements * program::size_of(view.type); }

}  // namespace pipedit::executor
