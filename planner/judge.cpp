#include "planner/judge.h"

#include "core/error.h"
#include "program/lower/lower.h"
#include "program/verify/verify.h"
#include "simulator/simulate.h"

namespace pipedit::planner {

namespace {

constexpr int kLongestStream = 64;  // times kStream: enough unless one pipeline is that many times slower

}  // namespace

std::vector<Bytes> peaks_of(const program::Program& program) {
  std::vector<Bytes> peaks;
  for (const program::RankMemory& memory : program.memory) peaks.push_back(memory.device());
  return peaks;
}

Lowered Judge::lower(const Plan& plan) const {
  const Workload asked = asked_of(objective_, workload_, static_cast<int>(plan.pipelines.size()));
  const program::Program program = program::lower(model_, cluster_, asked, plan);
  Lowered lowered;
  lowered.misfit = program::does_not_fit(program, cluster_, memory_limit_);
  lowered.peaks = peaks_of(program);
  if (lowered.misfit) return lowered;
  const std::vector<PipelineTimes> times = pipeline_times(program, cluster_, costs_);
  std::vector<const PipelineTimes*> pipelines;
  for (const PipelineTimes& one : times) pipelines.push_back(&one);
  lowered.bound = job_bound(objective_, pipelines, demand_of(asked));
  return lowered;
}

Simulation Judge::simulate(const Plan& plan) const {
  const int pipelines = static_cast<int>(plan.pipelines.size());
  for (int longer = 1; longer <= kLongestStream; longer *= 2) {
    Simulation simulation;
    simulation.asked = asked_of(objective_, workload_, pipelines * longer);
    simulation.program = program::lower(model_, cluster_, simulation.asked, plan);
    simulation.timeline = simulator::simulate(simulation.program, cluster_, costs_);
    const auto value = value_of(objective_, simulation.program, simulation.timeline);
    if (!value) continue;
    simulation.value = *value;
    return simulation;
  }
  throw Error("a pipeline of " + describe(plan) + " is too slow for a steady state to show");
}

Simulation simulate_plan(const models::Model& model, const Cluster& cluster, const Workload& workload,
                         const simulator::CostModel& costs, Objective objective, const Plan& plan) {
  return Judge(model, cluster, workload, costs, objective, std::nullopt).simulate(plan);
}

}  // namespace pipedit::planner
