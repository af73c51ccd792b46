#include "program/verify/verify.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "program/lower/lower.h"
#include "tests/program/plans.h"
#include "tests/program/seeds.h"

// Buffers in each other's place, and what ranks are said to need.
namespace pipedit::program {
namespace {

using tests::cluster;
using tests::faults_of;
using tests::has;
using tests::lowered;
using tests::plan;
using tests::text;

TEST(Verify, FindsTwoBuffersThatShareBytesWhileAlive) {
  Program program = lowered({.denoise = 2});
  const auto of = [&](const char* role) {
    return std::find_if(program.buffers.begin(), program.buffers.end(),
                        [&](const Buffer& buffer) { return buffer.role == role && buffer.rank == Rank{1}; });
  };
  of("normed")->offset = of("hidden")->offset;
  const std::vector<Fault> faults = faults_of(program);
  EXPECT_TRUE(has(faults, FaultKind::memory));
  EXPECT_TRUE(has(faults, FaultKind::coverage));
}

TEST(Verify, FindsAWrongMemoryTable) {
  Program program = lowered({.denoise = 2});
  program.memory[1].arena += Bytes{256};
  EXPECT_TRUE(has(faults_of(program), FaultKind::memory));
  const Cluster cpus = cluster(2, DeviceKind::cpu);  // on a GPU libraries are given more than operations need
  Program small = lower(tests::model("hunyuanvideo-tiny"), cpus, uniform_workload(tests::kTinyShape, 3),
                        plan({.denoise = 2, .transport = Transport::host}));
  EXPECT_EQ(text(verify(small, cpus)), "");
  small.memory[1].workspace = small.memory[1].workspace - Bytes{1};
  EXPECT_TRUE(has(verify(small, cpus), FaultKind::memory));
  Program connected = lowered({.denoise = 2, .transport = Transport::nccl});
  connected.memory[1].transport = connected.memory[1].transport - Bytes{1};
  EXPECT_TRUE(has(faults_of(connected), FaultKind::memory));
}

TEST(DoesNotFit, NamesTheLargestContributors) {
  Program program;
  program.devices = {DeviceId{0}};
  const std::int64_t gib = std::int64_t{1} << 30;
  program.memory = {{.arena = Bytes{40 * gib},
                     .weights = Bytes{50 * gib},
                     .workspace = {},
                     .transport = {},
                     .pinned = {},
                     .contributors = {{"weights", Bytes{50 * gib}}, {"wide", Bytes{12 * gib}}}}};
  Cluster machine = cluster(1);
  machine.devices[0].memory = Bytes{80 * gib};
  EXPECT_EQ(does_not_fit(program, machine), "rank 0 needs 90.0 of 80.0 GiB: weights 50.0, wide 12.0");
  EXPECT_EQ(does_not_fit(program, machine, Bytes{90 * gib}), std::nullopt);
  program.memory[0].contributors = {{"wide", Bytes{gib / 4}}};
  program.memory[0].arena = Bytes{gib / 2}, program.memory[0].weights = Bytes{};
  EXPECT_EQ(does_not_fit(program, machine, Bytes{gib / 8}), "rank 0 needs 512.0 of 128.0 MiB: wide 256.0");
}

}  // namespace
}  // namespace pipedit::program
