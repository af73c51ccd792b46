#include <gtest/gtest.h>

#include "tests/core/random_values.h"

namespace pipedit::tests {
namespace {

// read(write(x)) == x, and write(read(t)) == t for t = write(x).
template <class Make, class Write, class Parse>
void expect_round_trips(Make make, Write write, Parse parse) {
  Random random(20240611);
  for (int i = 0; i < 500; ++i) {
    const auto value = make(random);
    const std::string text = write(value);
    const auto read = parse(text);
    ASSERT_TRUE(read == value) << text;
    ASSERT_EQ(write(read), text);
  }
}

TEST(RoundTrip, ClusterIsReadAsWritten) { expect_round_trips(random_cluster, write_cluster, parse_cluster); }
TEST(RoundTrip, WorkloadIsReadAsWritten) { expect_round_trips(random_workload, write_workload, parse_workload); }
TEST(RoundTrip, PlanIsReadAsWritten) { expect_round_trips(random_plan, write_plan, parse_plan); }
TEST(RoundTrip, ProfileIsReadAsWritten) { expect_round_trips(random_profile, write_profile, parse_profile); }
TEST(RoundTrip, TimelineIsReadAsWritten) { expect_round_trips(random_timeline, write_timeline, parse_timeline); }

TEST(RoundTrip, NegativeStartsSurvive) {
  Random random(1);
  Timeline timeline = random_timeline(random);
  timeline.patterns[0].spans = {{.call = 0, .task = TaskId{0}, .start = -40ns, .end = 10ns},
                                {.call = 0, .task = TaskId{0}, .start = -15ns, .end = -5ns}};
  EXPECT_TRUE(parse_timeline(write_timeline(timeline)) == timeline);
}

}  // namespace
}  // namespace pipedit::tests
