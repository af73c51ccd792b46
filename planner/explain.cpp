#include "planner/explain.h"

#include <algorithm>

#include <fmt/format.h>

namespace pipedit::planner {

namespace {

constexpr std::size_t kNamed = 3;  // kinds of facts that a reader can check

double slower(const PlanAnswer& plan, const PlanAnswer& winner) {
  return static_cast<double>(plan.predicted->count()) / static_cast<double>(winner.predicted->count()) - 1;
}

std::string by_how_much(double slower) {
  if (slower < 0.001) return "as fast within 0.1 %";
  return fmt::format("{:.1f} % slower", 100 * slower);
}

const char* name_of(Provenance provenance) {
  constexpr const char* kNames[] = {"measured exactly", "interpolated between measurements",
                                    "extrapolated from measurements", "not measured: from peak rates", "measured"};
  return kNames[static_cast<int>(provenance)];
}

std::string bounds_of(const std::vector<CriticalShare>& bounds) {
  std::string text = "Its critical path is";
  for (std::size_t i = 0; i < std::min<std::size_t>(bounds.size(), 5); ++i)
    text += fmt::format("{} {} {:.1f} %", i == 0 ? "" : ",", bounds[i].what, 100 * bounds[i].share);
  return text + " of the time.";
}

std::string facts_of(const std::vector<CriticalShare>& bounds) {
  std::string text = "It depends most on the cost of";
  std::size_t named = 0;
  for (const CriticalShare& bound : bounds) {
    if (bound.what == "waiting" || named == kNamed) continue;
    text += fmt::format("{} {} ({})", named++ == 0 ? "" : ",", bound.what, name_of(bound.provenance));
  }
  return text + ".";
}

}  // namespace

Explanation explain(const models::Model& model, const Cluster& cluster, const Workload& workload,
                    const simulator::CostModel& costs, Objective objective, const Answer& answer) {
  const Plan& plan = *answer.plans[*answer.winner].plan;
  const Simulation simulation = simulate_plan(model, cluster, workload, costs, objective, plan);
  Explanation explanation{critical_path(simulation.program, simulation.timeline, costs), advice(answer, cluster)};
  explanation.sentences.push_back(bounds_of(explanation.bounds));
  explanation.sentences.push_back(facts_of(explanation.bounds));
  return explanation;
}

namespace {

// The best plan of some family that fits and is not the winner.
const PlanAnswer* best_named(const Answer& answer, std::initializer_list<std::string_view> names) {
  for (const PlanAnswer& plan : answer.plans)
    if (plan.verdict == Verdict::fits && plan.plan != answer.plans[*answer.winner].plan &&
        std::ranges::find(names, plan.name) != names.end())
      return &plan;
  return nullptr;
}

std::size_t ranks_of(const Plan& plan) {
  std::size_t ranks = 0;
  for (const Pipeline& p : plan.pipelines) ranks += p.denoise.size() + (p.colocated() ? 0 : p.decode.size());
  return ranks;
}

}  // namespace

std::vector<std::string> advice(const Answer& answer, const Cluster& cluster) {
  const PlanAnswer& winner = answer.plans[*answer.winner];
  const std::vector<Pipeline>& pipelines = winner.plan->pipelines;
  const auto say = [&](const char* what, const PlanAnswer& other) {
    return fmt::format("{}: {} is {}.", what, describe(*other.plan), by_how_much(slower(other, winner)));
  };
  std::vector<std::string> sentences;
  const auto* split = best_named(answer, {"dedivae", "dedivae_pipesp", "dedivae_pipesp_aco"});
  if (split != nullptr && std::ranges::all_of(pipelines, &Pipeline::colocated))
    sentences.push_back(say("Do not disaggregate", *split));
  const auto is_whole = [](const Pipeline& p) { return p.chunks.size() < 2 && p.row_groups == 1; };
  const auto* chunked = best_named(answer, {"pipesp", "dedivae_pipesp"});
  if (chunked != nullptr && std::ranges::all_of(pipelines, is_whole))
    sentences.push_back(say("Do not chunk", *chunked));
  const auto used = ranks_of(*winner.plan), all = static_cast<std::size_t>(cluster.ranks());
  if (used < all) sentences.push_back(fmt::format("Use fewer ranks: {} of {} are enough.", used, all));
  const auto* alone = best_named(answer, {"ulysses", "pipesp", "dedivae", "dedivae_pipesp", "dedivae_pipesp_aco"});
  if (pipelines.size() > 1 && alone != nullptr) sentences.push_back(say("Run several pipelines side by side", *alone));
  return sentences;
}

}  // namespace pipedit::planner
