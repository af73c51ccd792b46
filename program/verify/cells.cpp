#include "program/verify/cells.h"

#include <algorithm>

#include "program/verify/bytes.h"

namespace pipedit::program {

namespace {

// Blocks that the shortened program calls.
constexpr int kBlocks = 2;

void sort_cuts(std::vector<std::int64_t>& cuts) {
  std::ranges::sort(cuts);
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
}

int place_of(const std::vector<std::int64_t>& cuts, std::int64_t cut) {
  return static_cast<int>(std::ranges::lower_bound(cuts, cut) - cuts.begin());
}

struct Placed {
  int cell = 0;
  Runs runs;
};

}  // namespace

Cells::Cells(const Program& program) {
  for (const Buffer& buffer : program.buffers) {
    grids_.push_back({.slot_cuts = {0, buffer.extent.slots}, .row_cuts = {0, buffer.extent.rows}});
    grids_.back().copies = buffer.copy_by == CopyBy::block ? std::min(buffer.copies, kBlocks) : buffer.copies;
  }
  for (const Segment& segment : program.segments) {
    for (const Task& task : segment.tasks) {
      for (const Region& region : task.reads) cut(region);
      for (const Region& region : task.writes) cut(region);
    }
    for (const Exchange& exchange : segment.exchanges)
      for (const Part& part : exchange.parts) {
        cut(part.source);
        cut(part.target);
      }
  }
  number();
  find_aliases(program);
}

void Cells::cut(const Region& region) {
  Grid& grid = grids_[index(region.buffer)];
  grid.slot_cuts.insert(grid.slot_cuts.end(), {region.slots.begin, region.slots.end});
  grid.row_cuts.insert(grid.row_cuts.end(), {region.rows.begin, region.rows.end});
}

void Cells::number() {
  for (Grid& grid : grids_) {
    sort_cuts(grid.slot_cuts);
    sort_cuts(grid.row_cuts);
    grid.first = count_;
    count_ += grid.copies * grid.slots() * grid.rows();
  }
}

Footprint Cells::footprint(const Region& region) const {
  const Grid& grid = grids_[index(region.buffer)];
  Footprint box{.buffer = region.buffer};
  if (region.slots.empty() || region.rows.empty()) return box;
  box.first_slot = place_of(grid.slot_cuts, region.slots.begin);
  box.slots = place_of(grid.slot_cuts, region.slots.end) - box.first_slot;
  box.first_row = place_of(grid.row_cuts, region.rows.begin);
  box.rows = place_of(grid.row_cuts, region.rows.end) - box.first_row;
  return box;
}

// Buffers by where they start: only those that begin before another ends can share bytes with it.
void Cells::find_aliases(const Program& program) {
  std::vector<BufferId> order;
  for (std::size_t buffer = 0; buffer < program.buffers.size(); ++buffer)
    order.push_back(BufferId{static_cast<int>(buffer)});
  const auto key = [&](BufferId id) {
    const Buffer& buffer = program.buffer(id);
    return std::tuple(buffer.rank, buffer.place, buffer.offset, id);
  };
  std::ranges::sort(order, {}, key);
  std::vector<std::pair<int, int>> pairs;
  for (std::size_t a = 0; a < order.size(); ++a)
    for (std::size_t b = a + 1; b < order.size(); ++b) {
      const Buffer &first = program.buffer(order[a]), &second = program.buffer(order[b]);
      if (first.rank != second.rank || first.place != second.place || bytes_of(first).end <= second.offset.value) break;
      compare(program, order[a], order[b], pairs);
    }
  std::ranges::sort(pairs);
  first_alias_.assign(static_cast<std::size_t>(count_) + 1, 0);
  for (const auto& [cell, alias] : pairs) ++first_alias_[static_cast<std::size_t>(cell) + 1];
  for (std::size_t cell = 0; cell < static_cast<std::size_t>(count_); ++cell)
    first_alias_[cell + 1] += first_alias_[cell];
  for (const auto& [cell, alias] : pairs) alias_.push_back(alias);
}

void Cells::compare(const Program& program, BufferId a, BufferId b, std::vector<std::pair<int, int>>& pairs) const {
  const auto placed = [&](BufferId id) {
    std::vector<Placed> cells;
    const Grid& grid = grids_[index(id)];
    for (int copy = 0; copy < grid.copies; ++copy)
      for (int slot = 0; slot < grid.slots(); ++slot)
        for (int row = 0; row < grid.rows(); ++row) {
          const Range slots{grid.slot_cuts[static_cast<std::size_t>(slot)],
                            grid.slot_cuts[static_cast<std::size_t>(slot) + 1]};
          const Range rows{grid.row_cuts[static_cast<std::size_t>(row)],
                           grid.row_cuts[static_cast<std::size_t>(row) + 1]};
          cells.push_back({grid.cell(copy, slot, row), runs_of(program.buffer(id), copy, slots, rows)});
        }
    return cells;
  };
  const std::vector<Placed> others = placed(b);
  for (const Placed& mine : placed(a))
    for (const Placed& other : others)
      if (overlap(mine.runs, other.runs)) {
        pairs.emplace_back(mine.cell, other.cell);
        pairs.emplace_back(other.cell, mine.cell);
      }
}

}  // namespace pipedit::program
