#include <gtest/gtest.h>

#include <map>

#include "program/lower/partition.h"

namespace pipedit::program::lowering {
namespace {

constexpr std::int64_t kTile = 32;

Split split_of(int heads, std::int64_t rows, int owners, int helpers = 0, int lent = 0) {
  Split split;
  for (int i = 0; i < owners + helpers; ++i) split.members.push_back(Rank{i});
  split.video_rows = rows;
  split.row_tile = kTile;
  split.rows = split_rows(rows, owners);
  split.rows.resize(split.members.size());
  split.heads = split_heads(heads, rows, kTile, owners, helpers, lent);
  return split;
}

// How often each row of each head is computed, by (head, row tile); a box that cuts a tile fails the test.
std::map<std::pair<std::int64_t, std::int64_t>, int> times_computed(const Split& split) {
  std::map<std::pair<std::int64_t, std::int64_t>, int> times;
  const auto add = [&](Range heads, Range rows) {
    EXPECT_EQ(rows.begin % kTile, 0);
    EXPECT_TRUE(rows.end % kTile == 0 || rows.end == split.total_rows());
    for (std::int64_t head = heads.begin; head < heads.end; ++head)
      for (std::int64_t row = rows.begin; row < rows.end; row += kTile) ++times[{head, row / kTile}];
  };
  for (const HeadShare& share : split.heads) {
    add(share.whole, {0, split.total_rows()});
    for (const AttentionItem& item : share.piece) add(item.heads, item.rows);
  }
  return times;
}

TEST(SplitHeads, ComputesEveryRowOfEveryHeadOnce) {
  for (const int heads : {1, 6, 7, 14, 24})
    for (const std::int64_t rows : {9, 54, 114, 512, 1000})
      for (int owners = 1; owners <= 8; ++owners)
        for (const int helpers : {0, 1, 3}) {
          const int lent = helpers == 0 ? 0 : (heads - 1) / helpers;
          const Split split = split_of(heads, rows, owners, helpers, lent);
          const auto times = times_computed(split);
          EXPECT_EQ(times.size(),
                    static_cast<std::size_t>(heads) * static_cast<std::size_t>((rows + kTile - 1) / kTile));
          for (const auto& [box, count] : times) EXPECT_EQ(count, 1);
        }
}

TEST(SplitHeads, DealsSevenHeadsOverEightRanksByRows) {
  // No whole head for anyone: 7 x 1024 rows laid end to end, 896 each, so rank 1 has the last 128 rows of head 0 and
  // 768 of head 1.
  const Split split = split_of(7, 1024, 8);
  const HeadShare& second = split.heads[1];
  EXPECT_TRUE(second.whole.empty());
  EXPECT_EQ(second.piece, (std::vector<AttentionItem>{{{0, 1}, {896, 1024}}, {{1, 2}, {0, 768}}}));
  EXPECT_EQ(second.touched(), (std::vector<int>{0, 1}));
  EXPECT_EQ(second.slot_of(1), 1);
  EXPECT_EQ(second.slot_of(2), -1);
}

TEST(SplitHeads, LendsTheLastHeads) {
  const Split split = split_of(24, 1024, 5, 3, 2);  // 18 heads left for five owners: three each, three by rows
  EXPECT_EQ(split.heads[0].whole, (Range{0, 3}));
  EXPECT_FALSE(split.heads[0].piece.empty());
  EXPECT_EQ(split.heads[5].whole, (Range{18, 20}));
  EXPECT_EQ(split.heads[7].whole, (Range{22, 24}));
  EXPECT_TRUE(split.heads[7].piece.empty());
}

TEST(ChunkOf, FollowsTheListAndLeavesTheRestToTheLast) {
  EXPECT_EQ(chunk_of({3, 6}, {2, 1}, 0), (Range{3, 5}));
  EXPECT_EQ(chunk_of({3, 6}, {2, 1}, 1), (Range{5, 6}));
  EXPECT_EQ(chunk_of({3, 8}, {2, 1}, 1), (Range{5, 8}));
  EXPECT_TRUE(chunk_of({3, 4}, {2, 1}, 1).empty());
  EXPECT_EQ(chunk_of({3, 8}, {}, 0), (Range{3, 8}));
}

TEST(GroupRows, CoversEveryRowOnceAndEndsWithTheMembersOwn) {
  for (const std::int64_t rows : {9, 114, 512, 1000})
    for (int owners = 1; owners <= 5; ++owners)
      for (const int groups : {1, 2, 4}) {
        const Split split = split_of(6, rows, owners);
        for (int member = 0; member < owners; ++member) {
          std::vector<int> times(static_cast<std::size_t>(rows), 0);
          for (int group = 0; group < groups; ++group)
            for (const Range range : group_rows(split, member, groups, group))
              for (std::int64_t row = range.begin; row < range.end; ++row) ++times[static_cast<std::size_t>(row)];
          EXPECT_EQ(times, std::vector<int>(static_cast<std::size_t>(rows), 1)) << rows << " rows, member " << member;
        }
      }
  const Split split = split_of(6, 512, 4);  // member 1 owns rows 128 to 256: it starts at 256 and ends with its own
  EXPECT_EQ(group_rows(split, 1, 4, 0), (std::vector<Range>{{256, 384}}));
  EXPECT_EQ(group_rows(split, 1, 4, 3), (std::vector<Range>{{128, 256}}));
  EXPECT_EQ(group_rows(split, 2, 2, 1), (std::vector<Range>{{128, 384}}));
}

}  // namespace
}  // namespace pipedit::program::lowering
