#include <string>

#include <benchmark/benchmark.h>

#include "models/model_json.h"
#include "program/lower/lower.h"
#include "simulator/costs/analytic_costs.h"
#include "simulator/simulate.h"

// What a prediction costs: the whole of one plan (ten videos of 50 steps), and tasks a second when every step is
// expanded.
namespace pipedit::simulator {
namespace {

struct Case {
  std::string name;
  int denoise = 8, decode = 0;  // 0: co-located
  std::vector<int> chunks;
  int row_groups = 1, lent_heads = 0;
  Transport transport = Transport::peer;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {"symmetric/peer", 8, 0, {}, 1, 0, Transport::peer},
      {"symmetric/nccl", 8, 0, {}, 1, 0, Transport::nccl},
      {"uneven/peer", 7, 0, {2, 1}, 1, 0, Transport::peer},
      {"uneven/nccl", 7, 0, {2, 1}, 1, 0, Transport::nccl},
      {"dedivae_pipesp_aco/peer", 5, 3, {2, 1}, 2, 2, Transport::peer},
      {"dedivae_pipesp_aco/nccl", 5, 3, {2, 1}, 2, 2, Transport::nccl},
  };
  return all;
}

std::string config(const std::string& name) { return std::string(PIPEDIT_SOURCE_DIR) + "/configs/" + name + ".json"; }

Plan plan_of(const Case& value) {
  Pipeline pipeline;
  for (int rank = 0; rank < value.denoise; ++rank) pipeline.denoise.push_back(Rank{rank});
  for (int rank = 0; rank < value.decode; ++rank) pipeline.decode.push_back(Rank{value.denoise + rank});
  if (value.decode == 0) pipeline.decode = pipeline.denoise;
  pipeline.chunks = value.chunks;
  pipeline.row_groups = value.row_groups;
  pipeline.lent_heads = value.lent_heads;
  return {.name = value.name, .pipelines = {pipeline}, .transport = value.transport};
}

program::Program lowered(const Case& value, const Cluster& cluster, int requests) {
  const RequestShape shape{.width = 480, .height = 352, .frames = 97, .steps = 50, .text_tokens = 256};
  return program::lower(models::read_model(config("models/hunyuanvideo")), cluster, uniform_workload(shape, requests),
                        plan_of(value));
}

std::int64_t tasks(const Timeline& timeline) {
  std::int64_t tasks = 0;
  for (const Occurrence& unit : timeline.occurrences)
    tasks += static_cast<std::int64_t>(timeline.patterns[index(unit.pattern)].spans.size());
  return tasks;
}

// Argument: which case. `reused`: of all steps.
void one_plan(benchmark::State& state) {
  const Case& value = cases()[static_cast<std::size_t>(state.range(0))];
  const Cluster cluster = read_cluster(config("clusters/h200x8"));
  const program::Program program = lowered(value, cluster, 10);
  const AnalyticCosts costs(cluster);
  Timeline timeline;
  for (auto _ : state) benchmark::DoNotOptimize(timeline = simulate(program, cluster, costs));
  state.SetLabel(value.name);
  state.counters["reused"] = static_cast<double>(timeline.steps_reused) / static_cast<double>(timeline.steps);
  state.counters["tasks"] = static_cast<double>(tasks(timeline));
  state.counters["seconds"] = static_cast<double>(timeline.makespan.count()) * 1e-9;
}
BENCHMARK(one_plan)->DenseRange(0, 5)->Unit(benchmark::kMillisecond);

void expanded(benchmark::State& state) {
  const Case& value = cases()[static_cast<std::size_t>(state.range(0))];
  const Cluster cluster = read_cluster(config("clusters/h200x8"));
  const program::Program program = lowered(value, cluster, 1);
  const AnalyticCosts costs(cluster);
  Timeline timeline;
  for (auto _ : state)
    benchmark::DoNotOptimize(timeline = simulate(program, cluster, costs, {.full = true, .decisions = {}}));
  state.SetLabel(value.name);
  state.counters["tasks_per_s"] =
      benchmark::Counter(static_cast<double>(tasks(timeline)), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(expanded)->DenseRange(0, 5)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace pipedit::simulator
