#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/cluster.h"
#include "core/timeline.h"
#include "core/workload.h"
#include "models/model.h"
#include "planner/constraints.h"
#include "planner/objective.h"
#include "program/program.h"
#include "simulator/costs/cost_model.h"

// The best plan of a space: bounds first, then simulations of what they leave.
namespace pipedit::planner {

// How far a search has come: families of plans and the runner-up, and a guess of the time that the others take.
struct Progress {
  int done = 0, total = 0;
  double seconds_left = 0;
};

struct Question {
  Objective objective = Objective::makespan;
  Constraints constraints = {};
  std::optional<Bytes> memory_limit = {};  // of a device; replaces what the cluster says
  int top = 5;                             // plans listed beside the named ones
  int threads = 2;                         // the answer does not depend on them
  // Of a family: when so many are simulated, four times as many lowered, or 2048 times as many bounded, the search
  // goes on to the next one and says how far from proven it is. With n shapes of requests, which take turns in every
  // way, n * n times fewer.
  std::optional<int> most_simulations = 128;
  std::optional<std::chrono::duration<double>> time_limit = {};  // the same by the clock; answers then depend on it
  std::function<void(const Progress&)> progress = {};
};

enum class Verdict { fits, does_not_fit, not_applicable };

struct PlanAnswer {
  std::string name;  // of the family
  std::optional<Plan> plan;
  Verdict verdict = Verdict::not_applicable;
  std::string reason;                // where it does not fit or apply
  std::optional<Nanos> predicted;    // the objective's value; where it fits
  std::optional<Nanos> lower_bound;  // no simulation of this plan would be shorter
  std::vector<Bytes> peaks;          // by rank
  friend bool operator==(const PlanAnswer&, const PlanAnswer&) = default;
};

// Plans of the space by what became of them; they sum up to `considered` where the search was completed.
struct Counts {
  std::uint64_t considered = 0;
  std::uint64_t by_group = 0;    // pruned: no plan with these groups and shares can be better
  std::uint64_t by_details = 0;  // pruned: the busiest rank's compute
  std::uint64_t by_path = 0;     // pruned: lowered, its longest path
  std::uint64_t by_memory = 0;   // do not fit
  std::uint64_t simulated = 0;
  std::uint64_t left = 0;  // neither, when a limit stopped the search
  std::uint64_t pruned() const { return by_group + by_details + by_path; }
  friend bool operator==(const Counts&, const Counts&) = default;
};

struct Answer {
  std::vector<PlanAnswer> plans;      // ranked: those that fit, best first, then the others in the order of their names
  std::optional<std::size_t> winner;  // of `plans`: the simplest of those within 0.1 % of the best
  Counts counts;
  double gap = 0;                // what a plan that was left may be better by than the winner, as a share; 0: proven
  bool runner_up_proven = true;  // no plan but the winner is better than the next of `plans`, by more than a tie
  // Where a limit left plans that may be better than the runner-up, the next of `plans`: the least of their bounds.
  std::optional<Nanos> runner_up_bound = {};
  Nanos search{0};
  std::string space;  // its axes and size, for people
};

// Throws InputError for constraints that leave nothing ("no plan of the space has denoise=5, ..."), and what the
// costs throw where a profile lacks something.
Answer search(const models::Model&, const Cluster&, const Workload&, const simulator::CostModel&, const Question&);

// A plan's program and timeline as the search simulates them: value_of() of these is PlanAnswer::predicted.
struct Simulation {
  Workload asked;
  program::Program program;
  Timeline timeline;
  Nanos value{0};
};
Simulation simulate_plan(const models::Model&, const Cluster&, const Workload&, const simulator::CostModel&, Objective,
                         const Plan&);

}  // namespace pipedit::planner
