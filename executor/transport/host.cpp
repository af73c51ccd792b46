#include "executor/transport/host.h"

#include <cstring>

#include "core/error.h"

namespace pipedit::executor {

namespace {

void copy_slot(const std::byte* source, std::byte* target, const View& from, const View& to) {
  const std::int64_t bytes = row_bytes(from);
  if (from.row_stride == bytes && to.row_stride == bytes) {
    std::memcpy(target, source, static_cast<std::size_t>(bytes * from.rows));
    return;
  }
  for (std::int64_t row = 0; row < from.rows; ++row)
    std::memcpy(target + row * to.row_stride, source + row * from.row_stride, static_cast<std::size_t>(bytes));
}

void copy(const View& source, const View& target) {
  for (std::int64_t slot = 0; slot < source.slots; ++slot)
    copy_slot(source.data + slot * source.slot_stride, target.data + slot * target.slot_stride, source, target);
}

}  // namespace

void check_boxes(const Move& move) {
  if (move.source.slots != move.target.slots || move.source.rows != move.target.rows ||
      row_bytes(move.source) != row_bytes(move.target))
    throw Error("a part's source and target are boxes of different size");
}

void HostTransport::exchange(std::span<const Move> sent, std::span<const Move>, LaneContext& lane) {
  for (const Move& move : sent) {
    check_boxes(move);
    copy(move.source, move.target);
    lane.mark(move.arrived);
  }
}

}  // namespace pipedit::executor
