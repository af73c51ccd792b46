#include "tests/planner/drawn_plans.h"

#include <algorithm>

namespace pipedit::tests {

namespace {

using planner::PipelineTimes;

template <class T>
const T& any_of(const std::vector<T>& list, std::mt19937& random) {
  return list[random() % list.size()];
}

class Bounds {
 public:
  Bounds(const Planned& planned, planner::Objective objective, Transport transport)
      : objective_(objective),
        asked_(planner::asked_of(objective, planned.workload, planned.cluster.ranks())),
        demand_(planner::demand_of(asked_)),
        table_({planned.model, planned.cluster, asked_, planned.costs, transport, {}}),
        judge_(planned.model, planned.cluster, planned.workload, planned.costs, objective, Bytes{INT64_MAX}) {}

  BoundedPlan of(const DrawnPlan& drawn) {
    return {drawn.plan, closed_form(drawn, true), closed_form(drawn, false), judge_.lower(drawn.plan).bound,
            judge_.simulate(drawn.plan).value};
  }

 private:
  Nanos closed_form(const DrawnPlan& drawn, bool least) {
    std::vector<PipelineTimes> times;
    const std::vector<int> firsts = first_ranks(drawn.cut);
    for (std::size_t i = 0; i < drawn.cut.size(); ++i)
      for (int j = 0; j < drawn.cut[i].count; ++j) {
        const auto& group = table_.of(drawn.cut[i].group, Memory::resident, firsts[times.size()]);
        times.push_back(least ? group.least(drawn.choices[i].lent_heads) : group.of(*drawn.choices[i].details));
      }
    std::vector<const PipelineTimes*> pipelines;
    for (const PipelineTimes& one : times) pipelines.push_back(&one);
    return job_bound(objective_, pipelines, demand_);
  }

  planner::Objective objective_;
  Workload asked_;
  planner::Demand demand_;
  planner::BoundTable table_;
  planner::Judge judge_;
};

}  // namespace

DrawnPlan draw_plan(const std::vector<planner::Cut>& all, int heads, Transport transport, std::mt19937& random) {
  DrawnPlan drawn;
  const std::size_t few = 1 + random() % all.size();
  drawn.cut = all[random() % few];
  std::vector<planner::Details> details;
  for (const planner::Replicas& replicas : drawn.cut) {
    const int lent = any_of(planner::lent_shares(replicas.group, heads), random);
    details.push_back(any_of(planner::details(replicas.group, lent, heads), random));
    drawn.choices.push_back({lent, details.back()});
  }
  drawn.plan = plan_of(drawn.cut, details, transport);
  return drawn;
}

std::vector<BoundedPlan> bounded_plans(const Planned& planned, planner::Objective objective, Transport transport,
                                       int count) {
  Bounds bounds(planned, objective, transport);
  const std::vector<planner::Cut> all = planner::cuts(planned.cluster.ranks());
  std::mt19937 random(20251124);
  std::vector<BoundedPlan> plans;
  for (int i = 0; i < count; ++i)
    plans.push_back(bounds.of(draw_plan(all, static_cast<int>(planned.model.dit.num_heads), transport, random)));
  return plans;
}

double share_at(double quantile, const std::vector<BoundedPlan>& plans, Nanos BoundedPlan::*bound) {
  std::vector<double> shares;
  for (const BoundedPlan& plan : plans)
    shares.push_back(static_cast<double>((plan.*bound).count()) / static_cast<double>(plan.simulated.count()));
  const auto at = shares.begin() + static_cast<std::ptrdiff_t>(quantile * static_cast<double>(shares.size() - 1));
  std::ranges::nth_element(shares, at);
  return *at;
}

}  // namespace pipedit::tests
