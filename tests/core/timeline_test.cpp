#include "core/timeline.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/json.h"
#include "tests/core/timelines.h"

namespace pipedit::tests {
namespace {

TEST(Expand, NamesEveryInstanceByStartThenOrderOfTheLog) {
  const Timeline timeline = two_ranks();
  std::vector<std::string> names;
  for (const TaskInstance& instance : expand(timeline)) names.push_back(instance.name);
  EXPECT_THAT(names, testing::ElementsAre("request 3 / step 0 / block 0 / attention[0] @ rank 0",
                                          "request 3 / step 0 / block 0 / attention[0] @ rank 1",
                                          "request 3 / step 0 / block 1 / attention[0] @ rank 0",
                                          "request 3 / step 0 / block 0 / exchange O @ rank 1",
                                          "request 3 / step 1 / block 0 / attention[0] @ rank 0",
                                          "request 3 / step 1 / block 0 / attention[0] @ rank 1",
                                          "request 3 / step 1 / block 1 / attention[0] @ rank 0",
                                          "request 3 / step 1 / block 0 / exchange O @ rank 1"));
}

TEST(Expand, OneUnitGivesItsOwnTasks) {
  const Timeline timeline = two_ranks();
  const auto instances = expand(timeline, timeline.occurrences[1]);
  ASSERT_EQ(instances.size(), 4u);
  EXPECT_EQ(instances[3].name, "request 3 / step 1 / block 0 / exchange O @ rank 1");
  EXPECT_EQ(instances[3].start, 1'200ns + (timeline.occurrences[1].start - timeline.occurrences[0].start));
}

TEST(Expand, TimesAreAbsolute) {
  const Timeline timeline = two_ranks();
  const auto instances = expand(timeline);
  EXPECT_EQ(instances[3].start, 1'200ns);  // the step's 1000 + 200
  EXPECT_EQ(instances[3].end, 1'240ns);
  EXPECT_EQ(instances[3].task, &timeline.segments[0].tasks[2]);
  EXPECT_EQ(instances[7].unit, &timeline.occurrences[1]);
}

TEST(Expand, AUnitThatIsNoStepHasNoStepInItsNames) {
  Timeline timeline = two_ranks();
  timeline.occurrences = {{.actor = ActorId{0}, .unit = "decode", .request = RequestId{1}}};
  timeline.patterns[0].calls[0].block = -1;
  EXPECT_EQ(expand(timeline)[0].name, "request 1 / block / attention[0] @ rank 0");
}

TEST(Decisions, AreThoseOfStepsActorByActor) {
  Timeline timeline = two_ranks();
  timeline.actors = {"denoise 0", "denoise 1"};
  timeline.occurrences = {step(0, 0, 0, 0ns), step(1, 0, 0, 0ns), step(0, 1, 0, 1'000ns), step(1, 1, 0, 1'000ns)};
  timeline.occurrences[0].actor = timeline.occurrences[2].actor = ActorId{1};
  timeline.occurrences[2].alternative = 1;
  timeline.occurrences.push_back({.actor = ActorId{0}, .unit = "decode"});
  EXPECT_THAT(decisions(timeline),
              testing::ElementsAre(Decision{ActorId{0}, RequestId{1}, 0, 0}, Decision{ActorId{0}, RequestId{1}, 1, 0},
                                   Decision{ActorId{1}, RequestId{0}, 0, 0}, Decision{ActorId{1}, RequestId{0}, 1, 1}));
}

std::string chrome_trace(const Timeline& timeline) {
  std::ostringstream text;
  write_chrome_trace(text, timeline);
  return text.str();
}

TEST(ChromeTrace, IsAProcessARankAndATrackALane) {
  const Json trace = parse_json(chrome_trace(two_ranks()));
  const Json& events = trace["traceEvents"];
  ASSERT_EQ(events.size(), 2 * 3 + 8u);  // per rank its name and two lanes; eight tasks
  EXPECT_EQ(events[0].dump(), R"({"ph":"M","pid":0,"name":"process_name","args":{"name":"rank 0"}})");
  EXPECT_EQ(events[5].dump(), R"({"ph":"M","pid":1,"tid":1,"name":"thread_name","args":{"name":"send"}})");
  EXPECT_EQ(events[9].dump(),
            R"({"ph":"X","pid":1,"tid":1,"name":"exchange O","cat":"exchange","ts":1.2,"dur":0.04,)"
            R"("args":{"task":"request 3 / step 0 / block 0 / exchange O @ rank 1","actor":"denoise 0","unit":"step",)"
            R"("request":3,"step":0}})");
}

TEST(ChromeTrace, OfAnEmptyTimelineIsStillATrace) {
  EXPECT_EQ(parse_json(chrome_trace(Timeline{}))["traceEvents"].size(), 0u);
  Timeline timeline = two_ranks();  // a unit without tasks behind the others
  timeline.patterns.emplace_back();
  timeline.occurrences.push_back({.actor = ActorId{0}, .unit = "gather", .pattern = PatternId{1}});
  EXPECT_EQ(parse_json(chrome_trace(timeline))["traceEvents"].size(), 2 * 3 + 8u);
}

}  // namespace
}  // namespace pipedit::tests
