#include "profiler/samples.h"

#include <gtest/gtest.h>

namespace pipedit::profiler {
namespace {

using std::chrono::nanoseconds;

const PointKey kWanted{"gemm", {2, 3, 4}}, kOther{"gemm", {20, 3, 4}}, kNever{"gemm", {5, 3, 4}};

Samples some() {
  Samples samples;
  for (int i = 0; i < 6; ++i) samples.add({kWanted}, nanoseconds{1000});
  samples.add({kOther}, nanoseconds{9000});
  return samples;
}

TEST(Samples, AreEnoughWhereWhatIsWantedIsKnown) {
  const Samples samples = some();
  EXPECT_TRUE(samples.enough({kWanted}, 5, 0.03));
  EXPECT_FALSE(samples.enough({kWanted}, 7, 0.03));
  EXPECT_FALSE(samples.enough({kWanted, kOther}, 5, 0.03));
  EXPECT_FALSE(samples.enough({kWanted, kNever}, 5, 0.03));
}

TEST(Samples, OfAPointThatIsKnownAreNotAdopted) {
  Samples samples = some(), others;
  others.add({kWanted}, nanoseconds{1000});
  others.add({kNever}, nanoseconds{7000});
  Samples both = samples;
  both.add(others);
  EXPECT_EQ(both.points(1)[0].count, 7);
  samples.adopt(others);
  const std::vector<ProfilePoint> points = samples.points(1);
  ASSERT_EQ(points.size(), 3u);
  EXPECT_EQ(points[0].count, 6);
  EXPECT_EQ(points[0].median, nanoseconds{1000});
  EXPECT_EQ(points[1].dims, kNever.dims);
}

TEST(Samples, OfAnExchangeAreSharedOutByBytes) {
  Samples samples;
  samples.add({{"exchange.peer", {100, 10}}, {"exchange.peer", {300, 10}}}, nanoseconds{4000});
  ASSERT_EQ(samples.points(1).size(), 2u);
  EXPECT_EQ(samples.points(1)[0].median, nanoseconds{1000});
  EXPECT_EQ(samples.points(1)[1].median, nanoseconds{3000});
}

}  // namespace
}  // namespace pipedit::profiler
