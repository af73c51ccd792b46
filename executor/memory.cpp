#include "executor/memory.h"

#include <fmt/format.h>

#include "core/error.h"

namespace pipedit::executor {

using namespace program;

namespace {

bool inside(Range range, std::int64_t size) {
  return range.begin >= 0 && range.begin <= range.end && range.end <= size;
}

void check_inside(const Buffer& buffer, const Region& region, int copy) {
  if (inside(region.slots, buffer.extent.slots) && inside(region.rows, buffer.extent.rows) && copy >= 0 &&
      copy < buffer.copies)
    return;
  throw Error(fmt::format("slots {}-{}, rows {}-{} of copy {} lie outside of buffer {} of rank {}", region.slots.begin,
                          region.slots.end, region.rows.begin, region.rows.end, copy, buffer.role, index(buffer.rank)));
}

}  // namespace

Addresses::Addresses(const Program& program, const Session& session) : program_(&program) {
  for (int rank = 0; rank < program.ranks(); ++rank) {
    base_.push_back({session.memory(Rank{rank}, Place::device), session.memory(Rank{rank}, Place::pinned)});
    gpu_.push_back(session.gpu(Rank{rank}));
  }
}

View Addresses::view(const Region& region, const Bindings& bindings) const {
  const Buffer& buffer = program_->buffer(region.buffer);
  const int copy = copy_of(buffer, bindings);
  check_inside(buffer, region, copy);
  const Extent& extent = buffer.extent;
  View view{.slots = region.slots.size(),
            .rows = region.rows.size(),
            .elements = extent.elements,
            .slot_stride = extent.slot_stride().value,
            .row_stride = extent.row_stride().value,
            .type = extent.type,
            .row_range = region.rows,
            .gpu = buffer.place == Place::device ? gpu_[index(buffer.rank)] : -1};
  view.data = base_[index(buffer.rank)][static_cast<std::size_t>(buffer.place)] + buffer.offset.value +
              copy * extent.size().value + region.slots.begin * view.slot_stride + region.rows.begin * view.row_stride;
  return view;
}

std::vector<View> Addresses::views(const std::vector<Region>& regions, const Bindings& bindings) const {
  std::vector<View> views;
  views.reserve(regions.size());
  for (const Region& region : regions) views.push_back(view(region, bindings));
  return views;
}

}  // namespace pipedit::executor
