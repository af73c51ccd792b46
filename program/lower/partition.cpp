#include "program/lower/partition.h"

#include <algorithm>

namespace pipedit::program::lowering {

std::vector<Range> split_rows(std::int64_t rows, int parts) {
  std::vector<Range> ranges;
  for (int i = 0; i < parts; ++i) ranges.push_back({rows * i / parts, rows * (i + 1) / parts});
  return ranges;
}

std::vector<int> HeadShare::touched() const {
  std::vector<int> heads;
  for (std::int64_t head = whole.begin; head < whole.end; ++head) heads.push_back(static_cast<int>(head));
  for (const AttentionItem& item : piece) heads.push_back(static_cast<int>(item.heads.begin));
  return heads;
}

int HeadShare::slot_of(int head) const {
  const std::vector<int> heads = touched();
  const auto found = std::find(heads.begin(), heads.end(), head);
  return found == heads.end() ? -1 : static_cast<int>(found - heads.begin());
}

namespace {

// Place `position` of `parts` along `left` heads of `rows` rows laid end to end, moved to a row tile's border.
std::int64_t cut(std::int64_t left, std::int64_t rows, std::int64_t row_tile, int position, int parts) {
  const std::int64_t exact = left * rows * position / parts;
  const std::int64_t head = exact / rows;
  const std::int64_t tile = (exact % rows + row_tile / 2) / row_tile * row_tile;
  return head * rows + std::min(tile, rows);
}

std::vector<AttentionItem> piece_between(std::int64_t begin, std::int64_t end, std::int64_t first_head,
                                         std::int64_t rows) {
  std::vector<AttentionItem> piece;
  for (std::int64_t at = begin; at < end;) {
    const std::int64_t head = at / rows;
    const std::int64_t stop = std::min(end, (head + 1) * rows);
    piece.push_back({{first_head + head, first_head + head + 1}, {at - head * rows, stop - head * rows}});
    at = stop;
  }
  return piece;
}

}  // namespace

std::vector<HeadShare> split_heads(int heads, std::int64_t rows, std::int64_t row_tile, int owners, int helpers,
                                   int lent_heads) {
  const std::int64_t owned = heads - static_cast<std::int64_t>(helpers) * lent_heads;
  const std::int64_t whole = owned / owners, left = owned % owners;
  std::vector<HeadShare> shares;
  for (int i = 0; i < owners; ++i) {
    const std::int64_t begin = cut(left, rows, row_tile, i, owners), end = cut(left, rows, row_tile, i + 1, owners);
    shares.push_back({{whole * i, whole * (i + 1)}, piece_between(begin, end, whole * owners, rows)});
  }
  for (int i = 0; i < helpers; ++i) shares.push_back({{owned + i * lent_heads, owned + (i + 1) * lent_heads}, {}});
  return shares;
}

Range Split::stream_rows(int member, Stream stream) const {
  const Range own = rows[static_cast<std::size_t>(member)];
  if (stream == Stream::joint) return own;
  return intersect(own, stream == Stream::video ? Range{0, video_rows} : Range{video_rows, total_rows()});
}

Range Split::local_rows(int member, Stream stream) const {
  const Range global = stream_rows(member, stream);
  const std::int64_t first = rows[static_cast<std::size_t>(member)].begin;
  return {global.begin - first, global.end - first};
}

Range chunk_of(Range whole, const std::vector<int>& chunks, int chunk) {
  std::int64_t begin = whole.begin;
  for (int i = 0; i < chunk; ++i) begin += chunks[static_cast<std::size_t>(i)];
  const bool last = chunk + 1 >= static_cast<int>(chunks.size());
  const std::int64_t end = last ? whole.end : begin + chunks[static_cast<std::size_t>(chunk)];
  return {std::min(begin, whole.end), std::min(end, whole.end)};
}

std::vector<Range> group_rows(const Split& split, int member, int groups, int group) {
  const std::int64_t total = split.total_rows(), tiles = (total + split.row_tile - 1) / split.row_tile;
  const std::int64_t first =
      groups == 1 ? 0 : split.rows[static_cast<std::size_t>(member)].end / split.row_tile % tiles;
  const std::int64_t begin = first + tiles * group / groups, end = first + tiles * (group + 1) / groups;
  std::vector<Range> ranges;
  const auto add = [&](std::int64_t from, std::int64_t to) {
    if (from < to) ranges.push_back({from * split.row_tile, std::min(to * split.row_tile, total)});
  };
  add(std::min(begin, tiles), std::min(end, tiles));
  add(std::max(begin, tiles) - tiles, std::max(end, tiles) - tiles);
  return ranges;
}

}  // namespace pipedit::program::lowering
