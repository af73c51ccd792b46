#include "executor/transport/host.h"

#include <cstring>

#include "core/error.h"

namespace pipedit::executor {

namespace {

std::int64_t row_bytes(const View& view) { return view.elements * program::size_of(view.type); }

bool equal_boxes(const View& a, const View& b) {
  return a.slots == b.slots && a.rows == b.rows && row_bytes(a) == row_bytes(b);
}

void copy_slot(const std::byte* source, std::byte* target, const View& from, const View& to) {
  const std::int64_t bytes = row_bytes(from);
  if (from.row_stride == bytes && to.row_stride == bytes) {
    std::memcpy(target, source, static_cast<std::size_t>(bytes * from.rows));
    return;
  }
  for (std::int64_t row = 0; row < from.rows; ++row)
    std::memcpy(target + row * to.row_stride, source + row * from.row_stride, static_cast<std::size_t>(bytes));
}

}  // namespace

void HostTransport::move(const View& source, const View& target, LaneContext&) {
  if (!equal_boxes(source, target)) throw Error("a part's source and target are boxes of different size");
  for (std::int64_t slot = 0; slot < source.slots; ++slot)
    copy_slot(source.data + slot * source.slot_stride, target.data + slot * target.slot_stride, source, target);
}

}  // namespace pipedit::executor
