#include <gtest/gtest.h>

#include "simulator/costs/analytic_costs.h"
#include "tests/simulator/programs.h"

namespace pipedit::simulator::testing {
namespace {

Cluster h200() { return read_cluster(std::string(PIPEDIT_SOURCE_DIR) + "/configs/clusters/h200x8.json"); }

Nanos attention_time(std::int64_t tokens, int heads) {
  Task task;
  task.kind = program::OpKind::attention;
  task.shape = program::AttentionShape{tokens, 128, {{{0, heads}, {0, tokens}}}};
  return AnalyticCosts(h200()).task(ProgramBuilder(1).build(), task).time;
}

// Three calls of one head against one of three.
double cutting(std::int64_t tokens) {
  return 3.0 * static_cast<double>(attention_time(tokens, 1).count()) /
         static_cast<double>(attention_time(tokens, 3).count());
}

TEST(AnalyticCosts, CuttingAttentionCostsWhatWasMeasured) {
  EXPECT_NEAR(cutting(4096), 2.5, 0.1);
  EXPECT_NEAR(cutting(8192), 1.5, 0.1);
  EXPECT_NEAR(cutting(16756), 1.04, 0.04);
  EXPECT_NEAR(cutting(33000), 1.02, 0.04);
  EXPECT_NEAR(cutting(68000), 1.12, 0.04);
  EXPECT_NEAR(cutting(119000), 1.04, 0.04);
}

TEST(AnalyticCosts, WavesAreFullOnesAPartialOneAndATail) {
  EXPECT_DOUBLE_EQ(waves(132, 132), 1.03);
  EXPECT_DOUBLE_EQ(waves(198, 132), 1 + 0.7 + 0.3 * 0.5 + 0.03);
  EXPECT_DOUBLE_EQ(waves(66, 132), 0.7 + 0.3 * 0.5 + 0.03);
}

TEST(AnalyticCosts, LongAttentionRunsAtItsEfficiency) {
  // 4 x 118784^2 x 128 x 24 = 173.4 TFLOP at 989e12 x 0.7: 250 ms; 928 x 24 = 22272 tiles are 168.73 waves of 132,
  // which take 168 + 0.7 + 0.3 x 0.73 + 0.03 = 168.95
  EXPECT_NEAR(static_cast<double>(attention_time(118784, 24).count()), 250.4e6 * 168.95 / 168.73, 0.2e6);
}

TEST(AnalyticCosts, AProductTakesTheLongerOfArithmeticAndMemory) {
  Program program = ProgramBuilder(1).build();
  program.buffers[0].extent.type = program::DType::bf16;
  Task task;
  task.kind = program::OpKind::project_q;
  task.writes = {{BufferId{0}, {0, 1}, {0, 1}}};
  task.shape = program::GemmShape{16896, 3072, 3072};
  // 2 x 16896 x 3072^2 = 318.9 GFLOP at 989e12 x 0.72: 447.8 us; 132 x 12 tiles are 12 waves and the tail: 12.03 / 12
  EXPECT_NEAR(static_cast<double>(AnalyticCosts(h200()).task(program, task).time.count()), 3000 + 447.8e3 * 12.03 / 12,
              300);
  task.shape = program::GemmShape{1, 3072, 12288};
  // 3072 x 12288 weights of 2 bytes: 75.5 MB at 4.8e12 x 0.85: 18.5 us
  EXPECT_NEAR(static_cast<double>(AnalyticCosts(h200()).task(program, task).time.count()), 3000 + 18.5e3, 100);
}

TEST(AnalyticCosts, APartStartsUpAndPassesTheNarrowestLink) {
  ProgramBuilder builder(2);
  const Exchange exchange = builder.exchange(Transport::peer, {{0, 1, 45'000'000}, {0, 0, 45'000'000}});
  const Program program = builder.build();
  const AnalyticCosts costs(h200());
  // 8 us, twice 0.5 us, 45 MB at 450 GB/s
  EXPECT_EQ(costs.part(program, Transport::peer, exchange.parts[0]).time, 8us + 1us + 100us);
  // staged: up and down at 50 GB/s, 0.9 ms each
  EXPECT_EQ(costs.part(program, Transport::staged, exchange.parts[0]).time, 16us + 1800us);
  // local: read and written at 4.8e12 x 0.85 bytes a second
  EXPECT_NEAR(static_cast<double>(costs.part(program, Transport::peer, exchange.parts[1]).time.count()), 3000 + 22059,
              2);
}

TEST(AnalyticCosts, AHostEnqueuesEveryKernelAndWait) {
  const AnalyticCosts costs(h200());
  const Program program = ProgramBuilder(1).build();
  Task attention = task(0, Lane::compute, 0us);
  attention.shape = program::AttentionShape{1024, 128, {{{0, 1}, {0, 512}}, {{1, 2}, {0, 512}}}};
  EXPECT_EQ(costs.launch(program, attention), 10us);  // two calls
  attention.waits = {Arrived{ExchangeId{0}}, Arrived{ExchangeId{1}}};
  EXPECT_EQ(costs.launch(program, attention), 12'500ns);
}

TEST(AnalyticCosts, ACpusThreadEnqueuesForItself) {
  Cluster cluster = one_cpu(2);
  cluster.devices[0].rates.launch = 5us;
  EXPECT_EQ(AnalyticCosts(cluster).launch(ProgramBuilder(1).build(), task(0, Lane::compute, 0us)), 0us);
}

}  // namespace
}  // namespace pipedit::simulator::testing
