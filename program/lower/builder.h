#pragma once

#include <string>
#include <vector>

#include "program/program.h"

namespace pipedit::program::lowering {

// Collects buffers, then places them.
class BufferTable {
 public:
  BufferId add(Buffer buffer, int request_shape = -1);

  // Gives every buffer its offset and returns, by rank, the bytes of device and pinned memory. Buffers of phase
  // `always` follow one another; behind them those of each (phase, request shape) start anew at the same place, since
  // only one of these is alive at a time.
  struct Sizes {
    Bytes device, pinned;
  };
  std::vector<Sizes> place(int ranks);

  const std::vector<Buffer>& buffers() const { return buffers_; }

 private:
  std::vector<Buffer> buffers_;
  std::vector<int> request_shapes_;
};

// Collects the tasks of one segment.
class SegmentBuilder {
 public:
  SegmentBuilder(std::string name, std::string weights) {
    segment_.name = std::move(name), segment_.weights = std::move(weights);
  }

  TaskId add(Task task);
  Task& at(TaskId id) { return segment_.tasks[index(id)]; }

  // Adds an exchange and one task for each of its members, in the order of `ranks`; a sender's task waits for
  // `ready[its rank's place in ranks]` where that is set. Nothing when there are no parts. Returns the exchange.
  struct Ready {
    std::vector<std::optional<TaskId>> by_member;
  };
  std::optional<ExchangeId> exchange(Exchange, Payload, const std::vector<Rank>& ranks, const Ready& ready, Lane lane,
                                     int chunk = -1, int group = -1);

  // Adds to `waits` that all parts of the exchange to this rank have arrived, where there are any.
  void wait_for_arrival(std::vector<Wait>& waits, std::optional<ExchangeId>, Rank) const;

  Segment take() { return std::move(segment_); }

 private:
  Segment segment_;
};

}  // namespace pipedit::program::lowering
