#include "core/plan_json.h"
#include "cli/json_answers.h"
#include "core/json.h"

namespace pipedit::cli {

namespace {

constexpr std::pair<planner::Verdict, std::string_view> kVerdicts[] = {
    {planner::Verdict::fits, "fits"},
    {planner::Verdict::does_not_fit, "does_not_fit"},
    {planner::Verdict::not_applicable, "not_applicable"}};

Json nanos_or_null(const std::optional<Nanos>& time) { return time ? Json(time->count()) : Json(); }

Json json_of_plan(const planner::PlanAnswer& plan) {
  Json json = Json::object();
  json["name"] = plan.name;
  json["plan"] = plan.plan ? to_json(*plan.plan) : Json();
  json["verdict"] = name_of<planner::Verdict>(kVerdicts, plan.verdict);
  json["reason"] = plan.reason.empty() ? Json() : Json(plan.reason);
  json["predicted_ns"] = nanos_or_null(plan.predicted);
  json["lower_bound_ns"] = nanos_or_null(plan.verdict == planner::Verdict::fits ? plan.lower_bound : std::nullopt);
  json["peak_bytes"] = Json::array();
  for (const Bytes peak : plan.peaks) json["peak_bytes"].push_back(peak.value);
  return json;
}

}  // namespace

std::string json_of(const planner::Answer& found, const planner::Explanation& why) {
  Json answer = Json::object();
  answer["plans"] = Json::array();
  for (const planner::PlanAnswer& plan : found.plans) answer["plans"].push_back(json_of_plan(plan));
  answer["winner"] = found.winner ? Json(*found.winner) : Json();
  answer["considered"] = found.counts.considered;
  answer["pruned"] = found.counts.pruned();
  answer["pruned_by_group"] = found.counts.by_group;
  answer["pruned_by_details"] = found.counts.by_details;
  answer["pruned_by_path"] = found.counts.by_path;
  answer["does_not_fit"] = found.counts.by_memory;
  answer["simulated"] = found.counts.simulated;
  answer["left"] = found.counts.left;
  answer["gap"] = found.gap;
  answer["runner_up_bound_ns"] = nanos_or_null(found.runner_up_bound);
  answer["bounds"] = Json::array();
  for (const planner::CriticalShare& bound : why.bounds)
    answer["bounds"].push_back({{"what", bound.what}, {"share", bound.share}});
  answer["why"] = why.sentences;
  answer["counts_text_encoding"] = false;
  answer["search_ns"] = found.search.count();
  return to_text(answer);
}

}  // namespace pipedit::cli
