#include <benchmark/benchmark.h>

#include "core/cluster.h"
#include "core/profile.h"
#include "models/model_json.h"
#include "planner/search.h"
#include "simulator/costs/analytic_costs.h"
#include "simulator/costs/profile_costs.h"

// What a question about eight H200s takes, with a table's costs and with measured ones: HunyuanVideo at 1280x720, 129
// frames, ten requests.
namespace pipedit {
namespace {

std::unique_ptr<simulator::CostModel> costs(const Cluster& cluster, bool measured) {
  if (!measured) return std::make_unique<simulator::AnalyticCosts>(cluster);
  return std::make_unique<simulator::ProfileCosts>(
      read_profile(PIPEDIT_SOURCE_DIR "/traces/H200x4/hunyuanvideo.profile.json"), cluster);
}

void plan_query(benchmark::State& state, planner::Objective objective, bool measured) {
  const models::Model model = models::read_model(PIPEDIT_SOURCE_DIR "/configs/models/hunyuanvideo.json");
  const Cluster cluster = read_cluster(PIPEDIT_SOURCE_DIR "/configs/clusters/h200x8.json");
  const Workload workload =
      uniform_workload({.width = 1280, .height = 720, .frames = 129, .steps = 50, .text_tokens = 256}, 10);
  planner::Question question;
  question.objective = objective;
  for (auto _ : state) {
    const planner::Answer answer = planner::search(model, cluster, workload, *costs(cluster, measured), question);
    state.counters["simulated"] = static_cast<double>(answer.counts.simulated);
    state.counters["gap_percent"] = 100 * answer.gap;
  }
}

using planner::Objective;
BENCHMARK_CAPTURE(plan_query, makespan, Objective::makespan, false)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(plan_query, latency, Objective::latency, false)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(plan_query, throughput, Objective::throughput, false)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(plan_query, makespan_measured, Objective::makespan, true)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_CAPTURE(plan_query, latency_measured, Objective::latency, true)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(plan_query, throughput_measured, Objective::throughput, true)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace pipedit
