#include "profiler/rounds.h"

#include <gtest/gtest.h>

namespace pipedit::profiler {
namespace {

const PointKey kPoint{"gate", {256, 336}};

// Of rounds that took these times, alone and, twice as long, side by side.
std::vector<ProfilePoint> measured(const std::vector<Nanos>& times) {
  std::vector<Round> rounds;
  for (const Nanos time : times) {
    Round& round = rounds.emplace_back();
    round.alone.add({kPoint}, time);
    round.busy.add({kPoint}, 2 * time);
  }
  return points_of(rounds, 2);
}

TEST(Rounds, APointIsTheirMean) {
  const auto points = mean_points(measured({100us, 140us, 105us}));
  ASSERT_EQ(points.size(), 2u);
  EXPECT_EQ(points[0].busy, 1);
  EXPECT_EQ(points[0].median, 115us);
  EXPECT_EQ(points[0].count, 3);
  EXPECT_EQ(points[1].busy, 2);
  EXPECT_EQ(points[1].median, 230us);
  EXPECT_EQ(mean_points(measured({105us})).front().median, 105us);
}

TEST(Rounds, ThatTookMoreThanHalfAgainAsLongAreLeftOut) {
  EXPECT_EQ(mean_points(measured({100us, 151us, 110us})).front().median, 105us);
  EXPECT_EQ(mean_points(measured({100us, 150us, 110us})).front().median, 120us);
  EXPECT_EQ(mean_points(measured({100us, 300us, 400us})).front().count, 1);
}

TEST(Rounds, ThatDifferByMoreThanAQuarterLeaveAPointUnsure) {
  EXPECT_TRUE(unsure_points(measured({100us, 125us})).empty());
  EXPECT_EQ(unsure_points(measured({100us, 126us})), (std::set<PointKey>{kPoint}));
  EXPECT_TRUE(unsure_points(measured({100us})).empty());
}

}  // namespace
}  // namespace pipedit::profiler
