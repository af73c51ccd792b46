#pragma once

#include <memory>
#include <string>

#include "core/profile.h"
#include "planner/search.h"
#include "simulator/costs/analytic_costs.h"
#include "simulator/costs/profile_costs.h"
#include "tests/program/plans.h"

namespace pipedit::tests {

// A cluster of configs/, its first `ranks` ranks (0: all).
Cluster configured_cluster(const std::string& name, int ranks = 0);

// What the planner's tests plan for: few steps of a small video, so that thousands of plans take seconds.
struct Planned {
  models::Model model;
  Cluster cluster;
  Workload workload;
  std::unique_ptr<const simulator::CostModel> kept;
  const simulator::CostModel& costs = *kept;

  // Costs of the cluster's rates.
  Planned(const std::string& model_name, Cluster on, Workload what)
      : model(tests::model(model_name)),
        cluster(std::move(on)),
        workload(std::move(what)),
        kept(std::make_unique<simulator::AnalyticCosts>(cluster)) {}

  // Measured costs.
  Planned(const std::string& model_name, Cluster on, Workload what, Profile profile)
      : model(tests::model(model_name)),
        cluster(std::move(on)),
        workload(std::move(what)),
        kept(std::make_unique<simulator::ProfileCosts>(std::move(profile), cluster)) {}

  planner::Answer search(const planner::Question& question) const {
    return planner::search(model, cluster, workload, costs, question);
  }
  Nanos value(planner::Objective objective, const Plan& plan) const {
    return planner::simulate_plan(model, cluster, workload, costs, objective, plan).value;
  }
};

inline constexpr RequestShape kSmallShape{.width = 96, .height = 64, .frames = 9, .steps = 2, .text_tokens = 8};
inline constexpr RequestShape kFullShape{.width = 1280, .height = 720, .frames = 129, .steps = 4, .text_tokens = 256};

// Requests of two shapes in turn, the second smaller and with fewer steps.
Workload mixed_workload(const RequestShape& larger, const RequestShape& smaller, int count);

}  // namespace pipedit::tests
