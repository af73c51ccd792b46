#include "simulator/engine/fair_shares.h"

#include <algorithm>
#include <limits>

namespace pipedit::simulator {

namespace {

constexpr double kOpen = -1;
constexpr double kUnbound = std::numeric_limits<double>::infinity();

}  // namespace

const std::vector<double>& FairShares::of(const std::vector<Demand>& demands, const std::vector<double>& capacity) {
  take(demands, capacity);
  fill_uncontended(demands);
  while (open_ > 0) fill_next(demands);
  return shares_;
}

void FairShares::take(const std::vector<Demand>& demands, const std::vector<double>& capacity) {
  passing_.resize(capacity.size());
  for (const Direction d : used_) at(d).demands.clear();
  used_.clear();
  shares_.assign(demands.size(), kOpen);
  open_ = demands.size();
  for (std::size_t i = 0; i < demands.size(); ++i)
    for (const Direction d : demands[i].path) {
      Passing& direction = at(d);
      if (direction.demands.empty()) {
        used_.push_back(d);
        direction.left = capacity[static_cast<std::size_t>(d)];
        direction.open = 0;
      }
      direction.demands.push_back(i);
      direction.left = std::max(direction.left, demands[i].cap);
      ++direction.open;
    }
  std::sort(used_.begin(), used_.end());
}

void FairShares::fill_uncontended(const std::vector<Demand>& demands) {
  lowest_cap_ = kUnbound;
  for (std::size_t i = 0; i < demands.size(); ++i) {
    const bool alone = std::ranges::all_of(demands[i].path, [&](Direction d) { return at(d).demands.size() == 1; });
    if (alone)
      settle(demands[i], i, demands[i].cap);
    else
      lowest_cap_ = std::min(lowest_cap_, demands[i].cap);
  }
}

void FairShares::fill_next(const std::vector<Demand>& demands) {
  double level = kUnbound;
  Direction full = -1;
  for (const Direction d : used_) {
    const Passing& direction = at(d);
    if (direction.open == 0 || direction.left >= level * direction.open) continue;
    level = direction.left / direction.open;
    full = d;
  }
  if (level >= lowest_cap_ && fill_capped(demands, level)) return;
  for (const std::size_t i : at(full).demands)
    if (shares_[i] == kOpen) settle(demands[i], i, level);
}

// Demands that the level would carry past their cap.
bool FairShares::fill_capped(const std::vector<Demand>& demands, double level) {
  const std::size_t before = open_;
  for (std::size_t i = 0; i < demands.size(); ++i)
    if (shares_[i] == kOpen && demands[i].cap <= level) settle(demands[i], i, demands[i].cap);
  return open_ < before;
}

void FairShares::settle(const Demand& demand, std::size_t id, double share) {
  shares_[id] = share;
  --open_;
  for (const Direction d : demand.path) {
    at(d).left -= share;
    --at(d).open;
  }
}

}  // namespace pipedit::simulator
