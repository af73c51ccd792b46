#include <set>

#include <gtest/gtest.h>

#include "core/cluster.h"
#include "core/error.h"
#include "core/workload.h"

namespace pipedit {
namespace {

const std::filesystem::path kConfigs = std::filesystem::path(PIPEDIT_SOURCE_DIR) / "configs";

std::set<std::string> names_in(const char* folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kConfigs / folder)) names.insert(entry.path().stem());
  return names;
}

Cluster shipped(const std::string& name) { return read_cluster(kConfigs / "clusters" / (name + ".json")); }

std::vector<Direction> path(const Cluster& cluster, int from, int to) {
  return path_between(cluster, DeviceId{from}, DeviceId{to});
}

TEST(ShippedClusters, AreTheFiveAndReadAsTheirNames) {
  EXPECT_EQ(names_in("clusters"), (std::set<std::string>{"a6000x8", "cpu", "h100x8", "h200x8", "l40x8"}));
  for (const std::string& name : names_in("clusters")) {
    const Cluster cluster = shipped(name);
    EXPECT_EQ(cluster.name, name);
    EXPECT_FALSE(cluster.source.empty()) << name;
    EXPECT_EQ(cluster.ranks(), 8) << name;
  }
}

TEST(ShippedClusters, EveryPairOfDevicesHasAPathBothWays) {
  for (const std::string& name : names_in("clusters")) {
    const Cluster cluster = shipped(name);
    const int devices = static_cast<int>(cluster.devices.size());
    for (int from = 0; from < devices; ++from)
      for (int to = 0; to < devices; ++to)
        EXPECT_EQ(path(cluster, from, to).empty(), from == to) << name << ' ' << from << ' ' << to;
  }
}

TEST(ShippedClusters, OnASwitchEveryPathTakesTwoHops) {
  for (const char* name : {"h200x8", "h100x8"}) {
    const Cluster cluster = shipped(name);
    EXPECT_EQ(path(cluster, 2, 5), (std::vector<Direction>{4, 11})) << name;  // out on link 2, in on link 5
  }
}

TEST(ShippedClusters, NvlinkPairsTakeOneHopAndOthersTheTree) {
  const Cluster cluster = shipped("a6000x8");
  for (int gpu = 0; gpu < 8; ++gpu)
    for (int other = 0; other < 8; ++other) {
      if (gpu == other) continue;
      const std::size_t hops = gpu / 2 == other / 2 ? 1 : gpu / 4 == other / 4 ? 2 : 3;
      EXPECT_EQ(path(cluster, gpu, other).size(), hops) << gpu << ' ' << other;
    }
}

TEST(ShippedClusters, L40PathsStayBehindASwitchWhereTheyCan) {
  const Cluster cluster = shipped("l40x8");
  EXPECT_EQ(path(cluster, 0, 3).size(), 2u);
  EXPECT_EQ(path(cluster, 0, 4).size(), 5u);  // switch0, root0, root1, switch1, gpu4
}

TEST(ShippedClusters, CpuTakesOneToEightRanks) {
  const Cluster cluster = shipped("cpu");
  for (int ranks = 1; ranks <= 8; ++ranks) EXPECT_EQ(first_devices(cluster, ranks).ranks(), ranks);
  EXPECT_THROW(first_devices(cluster, 9), InputError);
}

TEST(ShippedWorkloads, AreReadAndNamedAsTheirFiles) {
  for (const std::string& name : names_in("workloads"))
    EXPECT_EQ(read_workload(kConfigs / "workloads" / (name + ".json")).name, name);
}

TEST(ShippedWorkloads, HoldThePapersTenPromptsAtItsShapes) {
  int found = 0;
  for (const std::string& name : names_in("workloads")) {
    if (!name.starts_with("paper-")) continue;
    const Workload workload = read_workload(kConfigs / "workloads" / (name + ".json"));
    const RequestShape& shape = workload.shapes.at(0);
    EXPECT_EQ(name, "paper-" + std::to_string(shape.width) + "x" + std::to_string(shape.height) + "x" +
                        std::to_string(shape.frames));
    EXPECT_EQ(shape.steps, 30) << name;
    std::set<std::string> prompts;
    for (const Request& request : workload.requests) prompts.insert(request.prompt);
    EXPECT_EQ(prompts.size(), 10u) << name;
    ++found;
  }
  EXPECT_EQ(found, 12);
}

}  // namespace
}  // namespace pipedit
