#include "core/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/core/timelines.h"

namespace pipedit::tests {
namespace {

TEST(Compare, ATimelineWithItselfHasNoError) {
  const Comparison same = compare(two_ranks(), two_ranks());
  EXPECT_EQ(same.end_to_end_error, 0);
  EXPECT_EQ(same.only_predicted + same.only_measured, 0);
  EXPECT_TRUE(same.decisions_that_differ.empty());
  EXPECT_THAT(same.by_kind, testing::ElementsAre(KindError{"attention", 6, 800ns, 800ns, 0},
                                                 KindError{"exchange", 2, 80ns, 80ns, 0}));
}

TEST(Compare, ErrorsAreByKind) {
  Timeline measured = two_ranks();
  measured.makespan = 4'000ns;
  measured.patterns.push_back(measured.patterns[0]);            // step 1 went otherwise:
  measured.patterns[1].spans = {{0, TaskId{0}, 0ns, 50ns},      // 100 for 50: +1
                                {0, TaskId{1}, 0ns, 400ns},     // 200 for 400: -0.5
                                {1, TaskId{0}, 100ns, 225ns},   // 100 for 125: -0.2
                                {0, TaskId{2}, 400ns, 450ns}};  // 40 for 50: -0.2
  measured.occurrences[1].pattern = PatternId{1};
  const Comparison comparison = compare(two_ranks(), measured);
  EXPECT_DOUBLE_EQ(comparison.end_to_end_error, 3'000.0 / 4'000.0 - 1);
  ASSERT_EQ(comparison.by_kind.size(), 2u);
  const KindError& attention = comparison.by_kind[0];
  EXPECT_EQ(attention.count, 6);
  EXPECT_EQ(attention.predicted, 800ns);                                // 2 x (100 + 200 + 100)
  EXPECT_EQ(attention.measured, 975ns);                                 // 400 + 50 + 400 + 125
  EXPECT_DOUBLE_EQ(attention.median_error, 0);                          // of -0.5, -0.2, 0, 0, 0, 1
  EXPECT_DOUBLE_EQ(comparison.by_kind[1].median_error, (0 - 0.2) / 2);  // of -0.2 and 0: their mean
}

TEST(Compare, AMissingTaskIsCountedAndTheRestJoined) {
  Timeline measured = two_ranks();
  measured.patterns[0].spans.erase(measured.patterns[0].spans.begin() + 2);  // attention of block 1, in both steps
  const Comparison comparison = compare(two_ranks(), measured);
  EXPECT_EQ(comparison.only_predicted, 2);
  EXPECT_EQ(comparison.only_measured, 0);
  EXPECT_EQ(comparison.by_kind[0], (KindError{"attention", 4, 600ns, 600ns, 0}));
  EXPECT_EQ(compare(measured, two_ranks()).only_measured, 2);
}

TEST(Compare, AMissingUnitCountsItsTasks) {
  Timeline measured = two_ranks();
  measured.occurrences.pop_back();
  EXPECT_EQ(compare(two_ranks(), measured).only_predicted, 4);
}

TEST(Compare, StepsDecidedOtherwiseAreJoinedByWhatBothHave) {
  Timeline measured = two_ranks();
  measured.segments.push_back({.name = "lent block", .tasks = {{"attention[0]", "attention", Rank{1}, "compute"}}});
  Timeline predicted = measured;
  measured.patterns.push_back(measured.patterns[0]);
  measured.patterns[1].calls.push_back({SegmentId{1}, 0});
  measured.patterns[1].spans[3] = {2, TaskId{0}, 200ns, 210ns};  // instead of the exchange
  measured.occurrences[1].pattern = PatternId{1};
  measured.occurrences[1].alternative = 1;
  const Comparison comparison = compare(predicted, measured);
  EXPECT_THAT(comparison.decisions_that_differ, testing::ElementsAre(Decision{ActorId{0}, RequestId{3}, 1, 1}));
  EXPECT_EQ(comparison.only_predicted, 1);
  EXPECT_EQ(comparison.only_measured, 1);
  EXPECT_EQ(comparison.by_kind[0].count, 6);
  EXPECT_EQ(comparison.by_kind[1].count, 1);
}

TEST(Compare, RequestsAreMatchedByOrdinal) {
  Timeline measured = two_ranks();
  for (Occurrence& unit : measured.occurrences) unit.request = RequestId{0};  // another draw from the queue
  EXPECT_EQ(compare(two_ranks(), measured).only_predicted, 0);
}

TEST(Compare, SeveralOfOneKeyPairUpInOrder) {
  Timeline predicted = two_ranks(), measured = two_ranks();
  for (Timeline* timeline : {&predicted, &measured}) timeline->patterns[0].calls[1].block = 0;
  measured.patterns[0].spans[2].end += 100ns;  // the second attention of rank 0: 100 predicted for 200
  const Comparison comparison = compare(predicted, measured);
  EXPECT_EQ(comparison.by_kind[0].count, 6);
  EXPECT_EQ(comparison.by_kind[0].measured - comparison.by_kind[0].predicted, 200ns);
}

TEST(Compare, WhatTookNoMeasuredTimeIsNotInTheMedian) {
  Timeline measured = two_ranks();
  measured.patterns[0].spans[3].end = measured.patterns[0].spans[3].start;
  EXPECT_EQ(compare(two_ranks(), measured).by_kind[1], (KindError{"exchange", 2, 80ns, 0ns, 0}));
}

TEST(Compare, WhatWasPredictedToTakeNoTimeIsNotInTheMedian) {
  Timeline predicted = two_ranks();
  predicted.patterns[0].spans[3].end = predicted.patterns[0].spans[3].start;
  EXPECT_EQ(compare(predicted, two_ranks()).by_kind[1], (KindError{"exchange", 2, 0ns, 80ns, 0}));
}

TEST(Compare, RefusesAnotherProgram) {
  const auto refusal = [](const Timeline& measured) {
    try {
      compare(two_ranks(), measured);
    } catch (const InputError& e) {
      return std::string(e.what());
    }
    return std::string("compared");
  };
  Timeline other = two_ranks();
  other.requests.clear();
  EXPECT_EQ(refusal(other), "1 requests were predicted and 0 measured: a run that is resumed measures what was left");
  other = two_ranks();
  other.actors.push_back("decode 0");
  EXPECT_EQ(refusal(other), "not of the same program: 1 and 2 actors, or others");
  other = two_ranks();
  other.segments[0].tasks.pop_back();
  EXPECT_EQ(refusal(other), "not of the same program: segment 0 is \"block\" and \"block\", or has other tasks");
}

}  // namespace
}  // namespace pipedit::tests
