#include "program/verify/verify.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/program/plans.h"
#include "tests/program/seeds.h"

// Heads that are computed, kept and sent home wrongly.
namespace pipedit::program {
namespace {

using tests::faults_of;
using tests::has;
using tests::kGroups;
using tests::lowered;
using tests::tasks_where;
using tests::text;

TEST(Verify, FindsAHeadThatIsComputedTwice) {
  Program program = lowered({.denoise = 2});
  const auto place = tasks_where(program, [](const Task& task) { return task.kind == OpKind::attention; }).front();
  auto& items = std::get<AttentionShape>(program.segments[place.segment].tasks[place.item].shape).items;
  items.front().heads = {items.front().heads.begin + 1, items.front().heads.end + 1};
  const std::vector<Fault> faults = faults_of(program);
  ASSERT_TRUE(has(faults, FaultKind::attention));
  EXPECT_NE(text(faults).find("row 0 of head 0, which is computed 0 times instead of 1"), std::string::npos)
      << text(faults);
}

TEST(Verify, FindsWhatARankKeepsAtTheWrongPlace) {
  const Program whole = lowered(kGroups);
  int shifted = 0;
  for (const auto& place : tasks_where(whole, [](const Task& task) { return task.kind == OpKind::keep_outputs; })) {
    const std::size_t regions = whole.segments[place.segment].tasks[place.item].writes.size();
    for (std::size_t i = 0; i < regions; ++i, ++shifted) {
      Program program = whole;
      Range& heads = program.segments[place.segment].tasks[place.item].writes[i].slots;
      const std::int64_t by = heads.begin > 0 ? -1 : 1;
      heads = {heads.begin + by, heads.end + by};
      EXPECT_TRUE(has(faults_of(program), FaultKind::attention)) << whole.segments[place.segment].name;
    }
  }
  EXPECT_GE(shifted, 6);  // two kinds of blocks on three ranks
}

TEST(Verify, FindsWhatARankForgetsToKeep) {
  Program program = lowered(kGroups);
  const auto keeps = tasks_where(program, [](const Task& task) { return task.kind == OpKind::keep_outputs; });
  const auto several = std::find_if(keeps.begin(), keeps.end(), [&](const auto& place) {
    return program.segments[place.segment].tasks[place.item].reads.size() > 1;  // whole heads and a piece of one
  });
  ASSERT_NE(several, keeps.end());
  Task& task = program.segments[several->segment].tasks[several->item];
  std::get<BytesShape>(task.shape).size = std::get<BytesShape>(task.shape).size - bytes_of(program, task.reads.back());
  task.reads.pop_back(), task.writes.pop_back();
  const std::vector<Fault> faults = faults_of(program);
  EXPECT_TRUE(has(faults, FaultKind::coverage)) << text(faults);
  EXPECT_TRUE(has(faults, FaultKind::attention)) << text(faults);
}

TEST(Verify, FindsACopyThatCostsOtherBytesThanItMoves) {
  Program program = lowered({.denoise = 2});
  const auto keeps = tasks_where(program, [](const Task& task) { return task.kind == OpKind::keep_outputs; });
  program.segments[keeps.front().segment].tasks[keeps.front().item].shape = BytesShape{Bytes{1}};
  EXPECT_TRUE(has(faults_of(program), FaultKind::structure));
}

TEST(Verify, FindsAnOutputThatComesBackToTheWrongHead) {
  Program program = lowered({.denoise = 3});
  const auto is_output = [](const Task& task) {
    const auto* shape = std::get_if<ExchangeShape>(&task.shape);
    return shape != nullptr && shape->payload == Payload::o;
  };
  const auto place = tasks_where(program, is_output).front();
  Segment& segment = program.segments[place.segment];
  auto& parts = segment.exchanges[index(std::get<ExchangeShape>(segment.tasks[place.item].shape).exchange)].parts;
  const auto other = std::find_if(parts.begin() + 1, parts.end(), [&](const Part& part) {
    return part.to == parts.front().to && part.target.slots.size() == parts.front().target.slots.size();
  });
  ASSERT_NE(other, parts.end());
  std::swap(parts.front().target, other->target);  // all is written once, but at each other's place
  EXPECT_TRUE(has(faults_of(program), FaultKind::attention));
}

}  // namespace
}  // namespace pipedit::program
