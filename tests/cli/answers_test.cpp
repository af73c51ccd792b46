#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/cli/plans.h"

namespace pipedit::cli_test {
namespace {

using Json = nlohmann::json;
using testing::HasSubstr;

TEST(Answers, APlanAsJsonListsEveryKnownPlanOnce) {
  const Outcome outcome = pipedit(tiny_plan_command(3, {"--json"}));
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const Json answer = Json::parse(outcome.out);
  std::map<std::string, int> count;
  for (const Json& plan : answer.at("plans")) ++count[plan.at("name")];
  for (const char* name :
       {"single", "ulysses", "usp", "cfg_ulysses", "offload_ulysses", "dedivae", "dedivae_pipesp_aco"})
    EXPECT_GE(count[name], 1) << name;
  EXPECT_EQ(answer.at("plans").at(0).at("verdict"), "fits");
  EXPECT_LE(answer.at("plans").at(0).at("lower_bound_ns"), answer.at("plans").at(0).at("predicted_ns"));
  for (const char* key : {"considered", "pruned", "simulated", "search_ns"}) EXPECT_TRUE(answer.at(key).is_number());
}

TEST(Answers, WhereNothingFitsTheTableStaysAndTheCodeIsThree) {
  const Outcome outcome = pipedit(tiny_plan_command(2, {"--only", "ulysses", "--memory-limit", "1MiB"}));
  EXPECT_EQ(outcome.code, 3);
  EXPECT_THAT(outcome.out, HasSubstr("does not fit"));
  EXPECT_THAT(last_line(outcome.err), HasSubstr("error: no plan fits; ulysses: ranks 0, 1 need together "));
}

TEST(Answers, FullSimulationSaysTheSameAsReuse) {
  const PlanFolder folder;
  Json reused = Json::parse(folder.run({"simulate", "tiny.plan.json", "--json"}).out);
  Json full = Json::parse(folder.run({"simulate", "tiny.plan.json", "--json", "--full"}).out);
  EXPECT_EQ(full.at("steps_reused"), 0);
  EXPECT_GT(reused.at("steps_reused"), 0);
  reused.erase("steps_reused");
  full.erase("steps_reused");
  EXPECT_EQ(reused, full);
}

TEST(Answers, DecisionsOfAnotherPlanAreRefused) {
  const PlanFolder folder;
  ASSERT_EQ(folder.run(tiny_plan_command(2, {"--only", "ulysses", "-o", "other.plan.json"})).code, 0);
  ASSERT_EQ(folder.run({"simulate", "other.plan.json", "-o", "other.json"}).code, 0);
  const Outcome outcome = folder.run({"simulate", "tiny.plan.json", "--decisions", "other.json"});
  EXPECT_EQ(outcome.code, 2);
  EXPECT_EQ(last_line(outcome.err), "error: other.json: /plan: expected dedivae, got ulysses");
}

TEST(Answers, AProfileOfAnotherDeviceIsRefusedAndOfAnotherGpuRemarkedOn) {
  const auto with_profile = [](const std::string& cluster) {
    return pipedit({"plan", "--model", "hunyuanvideo", "--cluster", cluster, "--gpus", "2", "--size", "480x352",
                    "--frames", "97", "--steps", "2", "--only", "ulysses", "--profile",
                    PIPEDIT_SOURCE_DIR "/traces/H200/hunyuanvideo.profile.json"});
  };
  EXPECT_THAT(last_line(with_profile("cpu").err), HasSubstr("/device: expected cpu, since cluster cpu has CPUs"));
  EXPECT_EQ(with_profile("h200x8").err, "");
  const Outcome outcome = with_profile("l40x8");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.err, HasSubstr("was measured on NVIDIA H200; cluster l40x8 has L40, whose times will differ"));
}

TEST(Answers, ATimelineComparedWithItselfHasNoError) {
  const PlanFolder folder;
  ASSERT_EQ(folder.run({"simulate", "tiny.plan.json", "-o", "t.json", "--trace", "trace.json"}).code, 0);
  const Json answer =
      Json::parse(folder.run({"compare", "t.json", "t.json", "--json", "--html", "c.html", "--svg", "c.svg"}).out);
  EXPECT_EQ(answer.at("end_to_end_error"), 0.0);
  EXPECT_EQ(answer.at("by_kind").at("attention").at("median_error"), 0.0);
  EXPECT_FALSE(Json::parse(text_of(folder / "trace.json")).empty());
  const std::string page = text_of(folder / "c.html");
  EXPECT_THAT(page, HasSubstr("<svg"));
  for (const char* link : {"href", "src=", "url("}) EXPECT_THAT(page, testing::Not(HasSubstr(link)));
  EXPECT_THAT(text_of(folder / "c.svg"), testing::StartsWith("<svg xmlns="));
}

TEST(Answers, OfAShownPlanNameItsPeaks) {
  const PlanFolder folder;
  const Json answer = Json::parse(folder.run({"show", "tiny.plan.json", "--json"}).out);
  EXPECT_EQ(answer.at("ranks").size(), 3);
  EXPECT_GT(answer.at("ranks").at(0).at("peak_bytes"), 0);
  EXPECT_TRUE(answer.at("faults").empty());
  EXPECT_TRUE(answer.at("fits"));
}

}  // namespace
}  // namespace pipedit::cli_test
