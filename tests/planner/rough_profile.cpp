#include "tests/planner/rough_profile.h"

#include <map>
#include <random>

#include "program/lower/lower.h"
#include "program/op_cost.h"
#include "tests/planner/drawn_plans.h"

namespace pipedit::tests {

namespace {

constexpr int kPlans = 12;
using Sizes = std::pair<std::string, std::vector<std::int64_t>>;  // kind and dims

void add_costs(const program::Program& program, const simulator::CostModel& costs, std::map<Sizes, Nanos>& known) {
  for (const program::Segment& segment : program.segments) {
    for (const program::Task& task : segment.tasks) {
      if (task.kind == program::OpKind::exchange) continue;
      const program::OpCost cost = program::op_cost(program, task);
      known[{cost.kind, cost.dims}] = costs.task(program, task).time;
    }
    for (const program::Exchange& exchange : segment.exchanges)
      for (const program::Part& part : exchange.parts) {
        const program::OpCost cost = program::part_cost(program, exchange.transport, part);
        known[{cost.kind, cost.dims}] = costs.part(program, exchange.transport, part).time;
      }
  }
}

}  // namespace

Profile rough_profile(const std::string& model_name, const Cluster& cluster, const Workload& workload) {
  const models::Model loaded = model(model_name);
  const simulator::AnalyticCosts costs(cluster);
  const std::vector<planner::Cut> all = planner::cuts(cluster.ranks());
  std::mt19937 random(7);
  std::map<Sizes, Nanos> known;
  for (int i = 0; i < kPlans; ++i) {
    const DrawnPlan drawn = draw_plan(all, static_cast<int>(loaded.dit.num_heads), cluster.transport, random);
    add_costs(program::lower(loaded, cluster, workload, drawn.plan), costs, known);
  }
  Profile profile{.model = model_name,
                  .machine = {},
                  .device = cluster.devices.front().kind,
                  .points = {},
                  .contention = {{"attention", cluster.transport, false, 1.2}},
                  .sharing_loss = 1.1};
  for (const auto& [sizes, time] : known) {
    const Nanos rough{time.count() * static_cast<std::int64_t>(50 + random() % 151) / 100};
    profile.points.push_back({sizes.first, sizes.second, 1, rough, rough, rough, 1});
  }
  return profile;
}

}  // namespace pipedit::tests
