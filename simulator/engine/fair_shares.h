#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/cluster.h"

namespace pipedit::simulator {

// Bytes under way over links.
struct Demand {
  std::span<const Direction> path;
  double cap = 0;  // bytes per nanosecond that it takes when it is alone
};

// Max-min fair shares in bytes per nanosecond, none above its cap, by progressive filling: all shares grow alike until
// one meets its cap or a direction is full. A direction carries at least the cap of each of its demands, so that one
// that is alone gets its cap. No share depends on the order of demands that are equal in path and cap.
class FairShares {
 public:
  // `capacity` by direction. The answer holds until the next call.
  const std::vector<double>& of(const std::vector<Demand>&, const std::vector<double>& capacity);

 private:
  struct Passing {
    double left = 0;  // bytes per nanosecond
    int open = 0;     // demands without a share
    std::vector<std::size_t> demands;
  };

  Passing& at(Direction d) { return passing_[static_cast<std::size_t>(d)]; }
  void take(const std::vector<Demand>&, const std::vector<double>& capacity);
  void fill_uncontended(const std::vector<Demand>&);
  void fill_next(const std::vector<Demand>&);
  bool fill_capped(const std::vector<Demand>&, double level);
  void settle(const Demand&, std::size_t id, double share);

  std::vector<Passing> passing_;  // by direction; storage is kept from call to call
  std::vector<Direction> used_;
  std::vector<double> shares_;
  std::size_t open_ = 0;
  double lowest_cap_ = 0;  // of contended demands
};

}  // namespace pipedit::simulator
