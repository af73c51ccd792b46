#include "planner/plan_file.h"

#include <gtest/gtest.h>

#include "core/error.h"
#include "tests/planner/settings.h"

namespace pipedit::planner {
namespace {

PlanFile searched(Objective objective = Objective::makespan) {
  const tests::Planned planned("hunyuanvideo-tiny", tests::configured_cluster("cpu", 3),
                               uniform_workload(tests::kSmallShape, 2));
  Question question;
  question.objective = objective;
  question.most_simulations = 2;
  return plan_file_of(planned.model, planned.cluster, planned.workload, ProfileReference{"p.profile.json", "00ff"},
                      objective, planned.search(question));
}

std::string refusal(std::string text, const std::string& from, const std::string& to) {
  const auto place = text.find(from);
  EXPECT_NE(place, std::string::npos) << from;
  text.replace(place, from.size(), to);
  try {
    parse_plan_file(text);
  } catch (const InputError& e) {
    return e.what();
  }
  return "accepted";
}

TEST(PlanFile, IsReadAsWritten) {
  for (const Objective objective : {Objective::latency, Objective::makespan, Objective::throughput}) {
    const PlanFile file = searched(objective);
    EXPECT_EQ(parse_plan_file(write_plan_file(file)), file);
  }
  PlanFile by_hand = searched();
  by_hand.search = {}, by_hand.profile = {};
  EXPECT_EQ(parse_plan_file(write_plan_file(by_hand)), by_hand);
}

TEST(PlanFile, NamesTheKeyThatIsWrong) {
  const std::string text = write_plan_file(searched());
  EXPECT_EQ(refusal(text, "\"pipedit.plan\"", "\"pipedit.profile\"").find("/format"), 0u);
  EXPECT_EQ(refusal(text, "\"profile\": {", "\"profiles\": {"), "/profiles: unknown key");
  EXPECT_EQ(refusal(text, "\"hidden_size\": 336", "\"hidden_size\": 335").find("/model/dit"), 0u);
  EXPECT_EQ(refusal(text, "\"frames\": 9", "\"frames\": 10").find("/workload/shapes/0/frames"), 0u);
  EXPECT_EQ(refusal(text, "\"row_groups\": ", "\"row_groups\": 9").find("/plan/pipelines/0/row_groups"), 0u);
  EXPECT_EQ(refusal(text, "\"objective\": \"makespan\"", "\"objective\": \"speed\"").find("/search/objective"), 0u);
  EXPECT_EQ(refusal(text, "\"gap\": ", "\"gap\": -1").find("/search/gap"), 0u);
}

TEST(PlanFile, HashesAsFnvDoes) {  // the algorithm's published vectors
  EXPECT_EQ(hash_of(""), "cbf29ce484222325");
  EXPECT_EQ(hash_of("a"), "af63dc4c8601ec8c");
  EXPECT_EQ(hash_of("foobar"), "85944171f73967e8");
}

}  // namespace
}  // namespace pipedit::planner
