#include "core/cluster.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace pipedit {
namespace {

Link link(const char* a, const char* b, double bandwidth) { return {a, b, {bandwidth}, 0ns}; }

Cluster cluster_of(std::size_t devices, std::vector<Link> links) {
  Cluster cluster;
  cluster.name = "box";
  cluster.devices.resize(devices);
  cluster.links = std::move(links);
  return cluster;
}

std::vector<Direction> path(const Cluster& cluster, int from, int to) {
  return path_between(cluster, DeviceId{from}, DeviceId{to});
}

using Path = std::vector<Direction>;

TEST(PathBetween, IsEmptyOnOneDevice) { EXPECT_EQ(path(cluster_of(1, {}), 0, 0), Path{}); }

TEST(PathBetween, PrefersFewestHopsToWidth) {
  const Cluster cluster = cluster_of(2, {link("gpu0", "s", 100), link("s", "gpu1", 100), link("gpu0", "gpu1", 1)});
  EXPECT_EQ(path(cluster, 0, 1), (Path{4}));
  EXPECT_EQ(path(cluster, 1, 0), (Path{5}));  // the other direction of the same link
}

TEST(PathBetween, AmongEquallyShortTakesTheWidestNarrowestLink) {
  const Cluster cluster = cluster_of(2, {link("gpu0", "wide first", 100), link("wide first", "gpu1", 10),
                                         link("gpu0", "even", 20), link("even", "gpu1", 20)});
  EXPECT_EQ(path(cluster, 0, 1), (Path{4, 6}));  // min(20, 20) beats min(100, 10)
  EXPECT_EQ(path(cluster, 1, 0), (Path{7, 5}));
}

TEST(PathBetween, TiesGoToTheSmallestLinks) {
  const Cluster cluster = cluster_of(2, {link("gpu0", "t", 5), link("t", "gpu1", 5), link("gpu0", "s", 5),
                                         link("s", "gpu1", 5), link("gpu0", "t", 5)});
  EXPECT_EQ(path(cluster, 0, 1), (Path{0, 2}));
}

TEST(PathBetween, WidthIsThatOfTheWholePathAlsoWhereItForksTwice) {
  // gpu0 - a - {b: 10, c: 30} - d - gpu1, all else 20: the fork to c is wide, its exit is not (5), so b it is.
  const Cluster cluster = cluster_of(2, {link("gpu0", "a", 20), link("a", "c", 30), link("c", "d", 5),
                                         link("a", "b", 10), link("b", "d", 20), link("d", "gpu1", 20)});
  EXPECT_EQ(path(cluster, 0, 1), (Path{0, 6, 8, 10}));
}

TEST(PathBetween, DevicesDoNotForward) {
  const Cluster chain = cluster_of(3, {link("gpu0", "gpu1", 9), link("gpu1", "gpu2", 9)});
  EXPECT_THROW(path(chain, 0, 2), InputError);
  const Cluster tree = cluster_of(3, {link("gpu0", "gpu1", 9), link("gpu1", "gpu2", 9), link("gpu0", "s", 1),
                                      link("s", "r", 1), link("r", "gpu2", 1)});
  EXPECT_EQ(path(tree, 0, 2), (Path{4, 6, 8}));
}

TEST(PathBetween, NamesTheEndsWhereThereIsNone) {
  try {
    path(cluster_of(2, {}), 0, 1);
    FAIL();
  } catch (const InputError& e) {
    EXPECT_STREQ(e.what(), "cluster box: no path from gpu0 to gpu1");
  }
}

TEST(FirstDevices, DropsLinksToTheOthers) {
  const Cluster cluster = cluster_of(12, {link("gpu0", "s", 1), link("gpu1", "s", 1), link("gpu11", "s", 1),
                                          link("gpu0", "gpu10", 1), link("s", "root", 1)});
  const Cluster part = first_devices(cluster, 2);
  EXPECT_EQ(part.devices.size(), 2u);
  EXPECT_EQ(part.links, (std::vector<Link>{link("gpu0", "s", 1), link("gpu1", "s", 1), link("s", "root", 1)}));
}

TEST(FirstDevices, OfASingleCpuAreRanks) {
  Cluster cluster = cluster_of(1, {});
  cluster.devices[0].kind = DeviceKind::cpu;
  cluster.ranks_per_device = 8;
  EXPECT_EQ(first_devices(cluster, 3).ranks(), 3);
  EXPECT_EQ(first_devices(cluster, 3).devices.size(), 1u);
}

TEST(FirstDevices, RefusesMoreThanThereAre) {
  for (const int count : {-1, 0, 3}) {
    try {
      first_devices(cluster_of(2, {}), count);
      FAIL() << count;
    } catch (const InputError& e) {
      EXPECT_EQ(e.what(), "cluster box: expected 1 to 2 devices, got " + std::to_string(count));
    }
  }
}

}  // namespace
}  // namespace pipedit
