#pragma once

#include <random>
#include <vector>

#include "planner/frontier.h"
#include "planner/judge.h"
#include "tests/planner/settings.h"

// Plans of the space drawn at random, and how near their bounds come to their simulations.
namespace pipedit::tests {

struct DrawnPlan {
  planner::Cut cut;
  std::vector<planner::Choice> choices;
  Plan plan;
};

// Small cuts as often as large ones.
DrawnPlan draw_plan(const std::vector<planner::Cut>&, int heads, Transport, std::mt19937&);

// Of one plan. least: no plan with its groups and shares is faster; floor: its own closed form; path: of its program.
struct BoundedPlan {
  Plan plan;
  Nanos least{0}, floor{0}, path{0}, simulated{0};
};

// `count` plans, drawn from a fixed seed.
std::vector<BoundedPlan> bounded_plans(const Planned&, planner::Objective, Transport, int count);

// The share of the simulation that a bound reaches, at this quantile (0.5: the median) of the plans.
double share_at(double quantile, const std::vector<BoundedPlan>&, Nanos BoundedPlan::*bound);

}  // namespace pipedit::tests
