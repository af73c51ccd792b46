#pragma once

#include <cstdint>
#include <vector>

#include "core/ids.h"
#include "core/units.h"
#include "program/op.h"

// Who owns which rows of the joint sequence and computes which heads.
namespace pipedit::program::lowering {

// Contiguous ranges, sizes differ by at most one.
std::vector<Range> split_rows(std::int64_t rows, int parts);

// What a member computes of the attention: whole heads, and a piece: some rows of the heads that are left over.
// A head's slot in the member's buffers is its place in `touched()`.
struct HeadShare {
  Range whole;
  std::vector<AttentionItem> piece;  // at most two boxes, of neighbouring heads

  std::vector<int> touched() const;  // whole heads, then those of the piece
  int slot_of(int head) const;       // -1: not touched
};

// The first `owners` members own rows, the `helpers` behind them are lent `lent_heads` whole heads each (the last
// heads). The other heads go to the owners: floor(heads / owners) whole ones each; the rows of the heads left over are
// laid end to end and cut evenly, at multiples of `row_tile` within a head, so that no result depends on the cut.
std::vector<HeadShare> split_heads(int heads, std::int64_t rows, std::int64_t row_tile, int owners, int helpers,
                                   int lent_heads);

// A joint sequence [video; text] dealt over members.
struct Split {
  std::vector<Rank> members;     // owners of rows, then lent ranks
  std::vector<Range> rows;       // by member; empty for lent ones
  std::vector<HeadShare> heads;  // by member
  std::int64_t video_rows = 0, text_rows = 0;
  std::int64_t row_tile = 0;

  int count() const { return static_cast<int>(members.size()); }
  std::int64_t total_rows() const { return video_rows + text_rows; }
  bool shared() const { return members.size() > 1; }  // an exchange is needed
  Range stream_rows(int member, Stream) const;        // global rows of the stream that the member owns
  Range local_rows(int member, Stream) const;         // the same, counted from the member's first row
};

// Chunk `chunk` of `chunks` of a member's whole heads; a list that is shorter than the heads leaves the rest to its
// last chunk.
Range chunk_of(Range whole, const std::vector<int>& chunks, int chunk);

// Query rows of a member's row group: up to two ranges, starting behind its own rows and ending with them, borders at
// row tiles.
std::vector<Range> group_rows(const Split&, int member, int groups, int group);

}  // namespace pipedit::program::lowering
