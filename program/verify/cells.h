#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "program/program.h"

// A program's memory cut into cells: boxes of a buffer's copy that every region of the program holds whole or not at
// all.
namespace pipedit::program {

// The cells of a region, in the copy that a call means: slots x rows of the buffer's grid.
struct Footprint {
  BufferId buffer{};
  int first_slot = 0, slots = 0, first_row = 0, rows = 0;
};

class Cells {
 public:
  // The program is shortened: of buffers copied by block only the blocks that it calls have cells.
  explicit Cells(const Program&);

  int count() const { return count_; }
  Footprint footprint(const Region&) const;

  template <class Visit>
  void visit(const Footprint& box, int copy, Visit&& each) const {
    const Grid& grid = grids_[index(box.buffer)];
    for (int slot = box.first_slot; slot < box.first_slot + box.slots; ++slot)
      for (int row = box.first_row; row < box.first_row + box.rows; ++row) each(grid.cell(copy, slot, row));
  }

  // Cells of other buffers, or of other copies, that share bytes with this one.
  std::span<const int> aliases(int cell) const {
    const auto at = static_cast<std::size_t>(cell);
    return std::span(alias_).subspan(static_cast<std::size_t>(first_alias_[at]),
                                     static_cast<std::size_t>(first_alias_[at + 1] - first_alias_[at]));
  }

 private:
  struct Grid {
    std::vector<std::int64_t> slot_cuts, row_cuts;
    int first = 0, copies = 1;
    int slots() const { return static_cast<int>(slot_cuts.size()) - 1; }
    int rows() const { return static_cast<int>(row_cuts.size()) - 1; }
    int cell(int copy, int slot, int row) const { return first + (copy * slots() + slot) * rows() + row; }
  };

  void cut(const Region&);
  void number();
  void find_aliases(const Program&);
  void compare(const Program&, BufferId, BufferId, std::vector<std::pair<int, int>>& pairs) const;

  std::vector<Grid> grids_;  // by buffer
  std::vector<int> first_alias_, alias_;
  int count_ = 0;
};

}  // namespace pipedit::program
