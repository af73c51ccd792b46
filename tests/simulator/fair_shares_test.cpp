#include "simulator/engine/fair_shares.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace pipedit::simulator {
namespace {

struct Traffic {
  std::vector<double> capacity;
  std::vector<std::vector<Direction>> paths;
  std::vector<double> caps;

  std::vector<double> shares() const {
    std::vector<Demand> demands;
    for (std::size_t i = 0; i < paths.size(); ++i) demands.push_back({paths[i], caps[i]});
    return FairShares().of(demands, capacity);
  }
};

TEST(FairShares, DemandsOfADirectionShareIt) {
  EXPECT_EQ((Traffic{{6}, {{0}, {0}, {0}}, {6, 6, 6}}.shares()), (std::vector<double>{2, 2, 2}));
}

TEST(FairShares, WhatACappedDemandLeavesGoesToTheOthers) {
  EXPECT_EQ((Traffic{{6}, {{0}, {0}, {0}}, {1, 6, 6}}.shares()), (std::vector<double>{1, 2.5, 2.5}));
}

TEST(FairShares, WhatABottleneckLeavesGoesToTheOthers) {
  // direction 0 gives 1 to each of its two; of direction 1 the third then gets 9
  EXPECT_EQ((Traffic{{2, 10}, {{0}, {0, 1}, {1}}, {2, 2, 10}}.shares()), (std::vector<double>{1, 1, 9}));
}

TEST(FairShares, ADemandThatIsAloneGetsItsCapEvenAboveTheLink) {
  EXPECT_EQ((Traffic{{2}, {{0}}, {5}}.shares()), (std::vector<double>{5}));
}

Traffic random_traffic(std::mt19937& random) {
  const auto pick = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(random); };
  Traffic traffic;
  for (int d = pick(1, 6); d > 0; --d) traffic.capacity.push_back(pick(1, 20));
  for (int i = pick(1, 12); i > 0; --i) {
    std::vector<Direction> path;
    for (Direction d = 0; d < static_cast<Direction>(traffic.capacity.size()); ++d)
      if (pick(0, 2) == 0) path.push_back(d);
    if (path.empty()) path.push_back(0);
    double narrowest = traffic.capacity[static_cast<std::size_t>(path.front())];
    for (const Direction d : path) narrowest = std::min(narrowest, traffic.capacity[static_cast<std::size_t>(d)]);
    traffic.caps.push_back(narrowest / pick(1, 3));
    traffic.paths.push_back(std::move(path));
  }
  return traffic;
}

// The definition of max-min fairness: whoever is below its cap passes a full direction in which nobody has more.
TEST(FairSharesFuzz, NobodyCouldGetMoreButFromOneThatHasLess) {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    const Traffic traffic = random_traffic(random);
    const std::vector<double> shares = traffic.shares();
    std::vector<double> load(traffic.capacity.size(), 0), most = load;
    for (std::size_t i = 0; i < shares.size(); ++i)
      for (const Direction d : traffic.paths[i]) {
        load[static_cast<std::size_t>(d)] += shares[i];
        most[static_cast<std::size_t>(d)] = std::max(most[static_cast<std::size_t>(d)], shares[i]);
      }
    for (std::size_t d = 0; d < load.size(); ++d) ASSERT_LE(load[d], traffic.capacity[d] + 1e-9) << round;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      const auto held = [&](Direction direction) {
        const auto d = static_cast<std::size_t>(direction);
        return load[d] > traffic.capacity[d] - 1e-9 && shares[i] > most[d] - 1e-9;
      };
      const bool capped = shares[i] > traffic.caps[i] - 1e-9;
      ASSERT_LE(shares[i], traffic.caps[i] + 1e-9);
      ASSERT_TRUE(capped || std::ranges::any_of(traffic.paths[i], held)) << "round " << round << ", demand " << i;
    }
  }
}

}  // namespace
}  // namespace pipedit::simulator
