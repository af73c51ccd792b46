#include "program/verify/bytes.h"

#include <algorithm>

namespace pipedit::program {

namespace {

// Whether [begin, end) meets one of the runs.
bool meets(std::int64_t begin, std::int64_t end, const Runs& runs) {
  if (end <= runs.start || begin >= runs.end()) return false;
  if (runs.count == 1) return true;
  const std::int64_t before = std::clamp<std::int64_t>((begin - runs.start) / runs.stride, 0, runs.count - 1);
  const std::int64_t run = runs.start + before * runs.stride;  // the last that starts at or before begin
  if (begin < run + runs.run) return true;
  return before + 1 < runs.count && run + runs.stride < end;
}

}  // namespace

Runs runs_of(const Buffer& buffer, int copy, Range slots, Range rows) {
  const Extent& extent = buffer.extent;
  const std::int64_t slot = extent.slot_stride().value, row = extent.row_stride().value,
                     size = extent.row_bytes().value;
  Runs runs{.start = buffer.offset.value + copy * extent.size().value + slots.begin * slot + rows.begin * row};
  if (slots.empty() || rows.empty()) return runs;
  const bool slot_major = extent.layout == Layout::slot_major;
  runs.run = size * (slot_major ? rows.size() : slots.size());
  runs.stride = slot_major ? slot : row;
  runs.count = slot_major ? slots.size() : rows.size();
  if (runs.run != runs.stride) return runs;
  return {.start = runs.start, .run = runs.run * runs.count, .stride = runs.run * runs.count, .count = 1};
}

bool overlap(const Runs& a, const Runs& b) {
  if (a.count == 0 || b.count == 0 || a.end() <= b.start || b.end() <= a.start) return false;
  const Runs& fewer = a.count <= b.count ? a : b;
  const Runs& more = a.count <= b.count ? b : a;
  for (std::int64_t i = 0; i < fewer.count; ++i) {
    const std::int64_t begin = fewer.start + i * fewer.stride;
    if (meets(begin, begin + fewer.run, more)) return true;
  }
  return false;
}

Range bytes_of(const Buffer& buffer) {
  return {buffer.offset.value, buffer.offset.value + buffer.copies * buffer.extent.size().value};
}

}  // namespace pipedit::program
