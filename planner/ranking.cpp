#include "planner/ranking.h"

#include <algorithm>

namespace pipedit::planner {

namespace {

PlanAnswer answer_of(const Found& found) {
  return {found.plan.name, found.plan, Verdict::fits, "", found.value, found.bound, found.peaks};
}

void list(std::vector<PlanAnswer>& plans, const Found& found) {
  const auto same = [&](const PlanAnswer& plan) { return plan.plan == found.plan; };
  if (std::ranges::none_of(plans, same)) plans.push_back(answer_of(found));
}

}  // namespace

void rank(Answer& answer, const std::vector<Found>& named, std::vector<Found> all, int top, Nanos left) {
  if (all.empty()) return;
  const Plan winner = best_of(all)->plan;
  const Nanos value = best_of(all)->value;
  for (const Found& found : named) list(answer.plans, found);
  list(answer.plans, *best_of(all));
  const std::size_t most = answer.plans.size() + static_cast<std::size_t>(std::max(0, top));
  std::ranges::stable_sort(all, {}, &Found::value);
  for (const Found& found : all)
    if (answer.plans.size() < most) list(answer.plans, found);
  std::ranges::stable_sort(answer.plans, {},
                           [&](const PlanAnswer& plan) { return std::pair(plan.plan != winner, *plan.predicted); });
  answer.winner = 0;
  if (left < value) answer.gap = 1 - static_cast<double>(left.count()) / static_cast<double>(value.count());
}

}  // namespace pipedit::planner
