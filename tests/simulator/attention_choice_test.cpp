#include "simulator/costs/attention_choice.h"

#include <gtest/gtest.h>

#include "simulator/costs/profile_costs.h"
#include "tests/simulator/programs.h"

namespace pipedit::simulator::testing {
namespace {

ProfilePoint point(std::string kind, std::vector<std::int64_t> dims, Nanos time) {
  return {.kind = std::move(kind),
          .dims = std::move(dims),
          .busy = 1,
          .median = time,
          .low = time,
          .high = time,
          .count = 9};
}

// Two kernels at two lengths; the third knows one size alone.
Profile of_kernels() {
  Profile profile;
  profile.model = "hunyuanvideo";
  profile.device = DeviceKind::gpu;
  profile.points = {
      point("attention.cudnn", {1000, 1, 1000, 128}, 30us),  point("attention.cudnn", {2000, 2, 1000, 128}, 50us),
      point("attention.cudnn", {9000, 1, 9000, 128}, 900us), point("attention.fa3", {1000, 1, 1000, 128}, 40us),
      point("attention.fa3", {2000, 2, 1000, 128}, 60us),    point("attention.fa3", {4000, 4, 1000, 128}, 1us),
      point("attention.fa3", {9000, 1, 9000, 128}, 700us)};
  return profile;
}

TEST(AttentionChoice, IsTheFastestOfWhatAllWereMeasuredWith) {
  const AttentionChoice choice(of_kernels());
  EXPECT_EQ(choice.fastest(1000), "cudnn");  // 80us against 100us: the size that fa3 alone has does not count
  EXPECT_EQ(choice.fastest(9000), "fa3");
}

TEST(AttentionChoice, GoesByTheNearestLength) {
  const AttentionChoice choice(of_kernels());
  EXPECT_EQ(choice.fastest(10), "cudnn");
  EXPECT_EQ(choice.fastest(2900), "cudnn");  // three times 1000 is less than 9000
  EXPECT_EQ(choice.fastest(3100), "fa3");
}

TEST(AttentionChoice, IsNoneWhereThereIsOneKernel) { EXPECT_EQ(AttentionChoice(Profile{}).fastest(1000), ""); }

Nanos attention_cost(const std::string& kernel, std::int64_t rows) {
  Task task;
  task.kind = program::OpKind::attention;
  task.shape = program::AttentionShape{rows, 128, {{{0, 1}, {0, rows}}}};
  ProgramBuilder builder(1);
  builder.devices({0});
  return ProfileCosts(of_kernels(), gpus(1), kernel).task(builder.build(), task).time;
}

TEST(ProfileCostsOfGpus, AttentionCostsWhatThePlansKernelTook) {
  EXPECT_EQ(attention_cost("fa3", 1000), 40us);
  EXPECT_EQ(attention_cost("cudnn", 1000), 30us);
  EXPECT_EQ(attention_cost("auto", 1000), 30us);
  EXPECT_EQ(attention_cost("auto", 9000), 700us);
}

// Both ranks on one GPU, then each on its own.
Nanos part_cost(const Profile& profile, const std::vector<int>& devices) {
  ProgramBuilder builder(2);
  const Exchange exchange = builder.exchange(Transport::peer, {{0, 1, 4096}});
  builder.devices(devices);
  return ProfileCosts(profile, gpus(2)).part(builder.build(), Transport::peer, exchange.parts[0]).time;
}

TEST(ProfileCostsOfGpus, WhatWasMeasuredInsideAGpuDoesNotStandForALink) {
  Profile profile = of_kernels();
  profile.points = {point("exchange.peer", {4096, 4096}, 3us)};
  ProgramBuilder builder(2);
  const Exchange exchange = builder.exchange(Transport::peer, {{0, 1, 4096}});
  builder.devices({0, 1});
  const Nanos analytic = AnalyticCosts(gpus(2)).part(builder.build(), Transport::peer, exchange.parts[0]).time;
  EXPECT_EQ(part_cost(profile, {0, 0}), 3us);
  EXPECT_EQ(part_cost(profile, {0, 1}), analytic);
  profile.points.push_back(point("link.peer", {4096, 4096}, 9us));
  EXPECT_EQ(part_cost(profile, {0, 1}), 9us);
}

TEST(ProfileCostsOfGpus, CopiesOverALinkSlowTasksDownByTheirShareOfMemoryTraffic) {
  Profile profile = of_kernels();
  profile.contention = {{"modulate", Transport::peer, false, 2.0}};
  Cluster pair = gpus(2);  // links of 1 GB/s
  for (Device& device : pair.devices) device.rates.memory = {5e9}, device.rates.memory_efficiency = 0.8;
  // a copy inside reads and writes at 2 GB/s each, twice what a link brings
  EXPECT_DOUBLE_EQ(ProfileCosts(profile, pair).contention(program::OpKind::modulate, Transport::peer), 1.5);
  EXPECT_EQ(ProfileCosts(profile, gpus(1)).contention(program::OpKind::modulate, Transport::peer), 2.0);
}

TEST(ProfileCostsOfGpus, ContentionMeasuredOverALinkIsTakenForLinksAlone) {
  Profile profile = of_kernels();
  profile.contention = {{"modulate", Transport::peer, false, 2.0}, {"modulate", Transport::peer, true, 1.3}};
  EXPECT_EQ(ProfileCosts(profile, gpus(2)).contention(program::OpKind::modulate, Transport::peer), 1.3);
  EXPECT_EQ(ProfileCosts(profile, gpus(1)).contention(program::OpKind::modulate, Transport::peer), 2.0);
  profile.contention = {{"modulate", Transport::nccl, true, 1.2}};
  EXPECT_EQ(ProfileCosts(profile, gpus(2)).contention(program::OpKind::modulate, Transport::nccl), 1.2);
}

}  // namespace
}  // namespace pipedit::simulator::testing
