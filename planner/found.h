#pragma once

#include <optional>
#include <vector>

#include "core/plan.h"
#include "planner/simplicity.h"

// Plans that were simulated, and which of them are the best.
namespace pipedit::planner {

struct Found {
  Plan plan;
  Nanos value{0}, bound{0};
  std::vector<Bytes> peaks;
  Complexity complexity{};
};

// The simplest of those within a tie of the best; null where there are none.
const Found* best_of(const std::vector<Found>&);

// The values of the two best plans of all families so far: what a plan must beat to be the runner-up.
class TwoBest {
 public:
  void add(Nanos value);
  std::optional<Nanos> second() const { return second_; }

 private:
  std::optional<Nanos> first_, second_;
};

}  // namespace pipedit::planner
