#include <algorithm>

#include <gtest/gtest.h>

#include "program/lower/lower.h"
#include "simulator/costs/analytic_costs.h"
#include "simulator/simulate.h"
#include "tests/program/plans.h"

// Programs that plans lower to: what is taken from the memo equals what is expanded, in every span.
namespace pipedit::simulator {
namespace {

struct Case {
  std::string name;
  tests::PlanShape plan;
  int ranks = 8;
  DeviceKind device = DeviceKind::gpu;
  int replicas = 1;
};

void PrintTo(const Case& value, std::ostream* out) { *out << value.name; }

Plan plan_of(const Case& value) {
  Plan plan = tests::plan(value.plan);
  const Pipeline first = plan.pipelines.front();
  const int size = value.plan.denoise + value.plan.decode;
  for (int replica = 1; replica < value.replicas; ++replica) {
    Pipeline next = first;
    for (std::vector<Rank>* group : {&next.denoise, &next.decode})
      for (Rank& rank : *group) rank = Rank{static_cast<int>(rank) + replica * size};
    plan.pipelines.push_back(next);
  }
  return plan;
}

// A real machine's figures: eight GPUs, or a laptop whose ranks share two cores.
Cluster cluster_of(const Case& value) {
  const std::string folder = std::string(PIPEDIT_SOURCE_DIR) + "/configs/clusters/";
  if (value.device == DeviceKind::gpu) return first_devices(read_cluster(folder + "h200x8.json"), value.ranks);
  Cluster cluster = read_cluster(folder + "cpu.json");
  cluster.ranks_per_device = value.ranks;
  return cluster;
}

// The cluster's costs, unlike from rank to rank and kind to kind, transfers that slow tasks down by odd factors, and
// hosts from very fast to slower than the devices.
class UnevenCosts : public AnalyticCosts {
 public:
  UnevenCosts(const Cluster& cluster, int seed) : AnalyticCosts(cluster), seed_(seed) {}
  Cost task(const program::Program& program, const program::Task& task) const override {
    Cost cost = AnalyticCosts::task(program, task);
    cost.time += cost.time * ((static_cast<int>(task.rank) * 7 + static_cast<int>(task.kind) * seed_) % 5) / 13;
    return cost;
  }
  Nanos launch(const program::Program& program, const program::Task& task) const override {
    return AnalyticCosts::launch(program, task) * (seed_ * seed_) / 4;
  }
  double contention(program::OpKind kind, Transport) const override { return 1 + 0.017 * static_cast<int>(kind); }
  double sharing_loss() const override { return 1.07; }

 private:
  int seed_;
};

// Two shapes; the last requests come when the first may be done.
Workload workload() {
  RequestShape shape = tests::kTinyShape, smaller = tests::kTinyShape;
  shape.steps = 12;
  smaller.width = 128;
  smaller.steps = 7;
  Workload workload{.name = "two shapes", .shapes = {shape, smaller}, .requests = {}};
  for (const int kind : {0, 1, 1, 0, 0}) workload.requests.push_back({.shape = kind, .arrival = {}, .prompt = {}});
  workload.requests[3].arrival = workload.requests[4].arrival = 30ms;
  return workload;
}

class Lowered : public testing::TestWithParam<Case> {
 protected:
  Timeline run(bool full, int seed = 1) const {
    const Cluster cluster = cluster_of(GetParam());
    const auto program = program::lower(tests::model("hunyuanvideo-tiny"), cluster, workload(), plan_of(GetParam()));
    return simulate(program, cluster, UnevenCosts(cluster, seed), {.full = full, .decisions = {}});
  }
};

TEST_P(Lowered, ReusedStepsEqualExpandedOnes) {
  for (const int seed : {0, 1, 2, 3, 8}) {
    Timeline reused = run(false, seed);
    const Timeline full = run(true, seed);
    EXPECT_EQ(full.steps_reused, 0);
    reused.steps_reused = 0;
    ASSERT_EQ(reused.occurrences.size(), full.occurrences.size());
    for (std::size_t i = 0; i < full.occurrences.size(); ++i)
      ASSERT_EQ(reused.occurrences[i], full.occurrences[i]) << "seed " << seed << ", unit " << i;
    EXPECT_EQ(reused, full);
  }
}

TEST_P(Lowered, EqualInputsGiveEqualTimelines) { EXPECT_EQ(run(false), run(false)); }

TEST_P(Lowered, RequestsEndAfterTheyStart) {
  const Timeline timeline = run(false);
  for (const RequestSpan& request : timeline.requests) EXPECT_LT(request.start, request.end);
  EXPECT_LT(timeline.makespan, 100s);
  EXPECT_EQ(timeline.steps, 3 * 12 + 2 * 7);
}

program::Program full_size(const Cluster& cluster, int requests, int steps) {
  const Plan plan = tests::plan({.denoise = 5, .decode = 3, .chunks = {2, 1}, .lent_heads = 2});
  const RequestShape shape{.width = 480, .height = 352, .frames = 97, .steps = steps, .text_tokens = 256};
  return program::lower(tests::model("hunyuanvideo"), cluster, uniform_workload(shape, requests), plan);
}

TEST(FullSize, NineStepsInTenAreReusedWithHelpers) {
  const Cluster cluster = read_cluster(std::string(PIPEDIT_SOURCE_DIR) + "/configs/clusters/h200x8.json");
  const Timeline timeline = simulate(full_size(cluster, 10, 50), cluster, AnalyticCosts(cluster));
  EXPECT_EQ(timeline.steps, 500);
  EXPECT_GE(timeline.steps_reused, 450);
  const auto helped = [](const Decision& d) { return d.alternative == 1; };
  const std::vector<Decision> taken = decisions(timeline);
  EXPECT_GT(std::count_if(taken.begin(), taken.end(), helped), 400);
  EXPECT_FALSE(std::all_of(taken.begin(), taken.end(), helped));  // not while a video is decoded
}

TEST(FullSize, ReusedStepsEqualExpandedOnes) {
  const Cluster cluster = read_cluster(std::string(PIPEDIT_SOURCE_DIR) + "/configs/clusters/h200x8.json");
  const program::Program program = full_size(cluster, 2, 5);
  Timeline reused = simulate(program, cluster, UnevenCosts(cluster, 1));
  EXPECT_GT(reused.steps_reused, 0);
  reused.steps_reused = 0;
  EXPECT_EQ(reused, simulate(program, cluster, UnevenCosts(cluster, 1), {.full = true, .decisions = {}}));
}

constexpr Transport kNccl = Transport::nccl, kHost = Transport::host;
constexpr DeviceKind kCpu = DeviceKind::cpu;

INSTANTIATE_TEST_SUITE_P(
    Families, Lowered,
    testing::Values(Case{"single", {.denoise = 1}, 1}, Case{"ulysses_4", {.denoise = 4}},
                    Case{"ulysses_7", {.denoise = 7}}, Case{"ulysses_5_nccl", {.denoise = 5, .transport = kNccl}},
                    Case{"ulysses_3_staged", {.denoise = 3, .transport = Transport::staged}},
                    Case{"pipesp_2", {.denoise = 2, .chunks = {1, 1}}},
                    Case{"pipesp_3_rows", {.denoise = 3, .chunks = {1, 1}, .row_groups = 2}},
                    Case{"pipesp_3_nccl", {.denoise = 3, .chunks = {1, 1}, .row_groups = 2, .transport = kNccl}},
                    Case{"offload_4", {.denoise = 4, .memory = Memory::offload}},
                    Case{"dedivae_5_3", {.denoise = 5, .decode = 3}},
                    Case{"dedivae_pipesp_3_2", {.denoise = 3, .decode = 2, .chunks = {1, 1}}},
                    Case{"aco_2_1", {.denoise = 2, .decode = 1, .lent_heads = 1}},
                    Case{"aco_2_2", {.denoise = 2, .decode = 2, .chunks = {1, 1}, .lent_heads = 1}},
                    Case{"aco_2_2_nccl", {.denoise = 2, .decode = 2, .lent_heads = 1, .transport = kNccl}},
                    Case{"replicas", {.denoise = 2, .decode = 1}, 6, DeviceKind::gpu, 2},
                    Case{"cpu_single", {.denoise = 1, .transport = kHost}, 2, kCpu},
                    Case{"cpu_ulysses_3", {.denoise = 3, .transport = kHost}, 4, kCpu},
                    Case{"cpu_dedivae_2_1", {.denoise = 2, .decode = 1, .transport = kHost}, 4, kCpu},
                    Case{"cpu_aco_2_1", {.denoise = 2, .decode = 1, .lent_heads = 1, .transport = kHost}, 4, kCpu},
                    Case{"cpu_replicas", {.denoise = 1, .decode = 1, .transport = kHost}, 4, kCpu, 2}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace pipedit::simulator
