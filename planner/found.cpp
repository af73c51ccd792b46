#include "planner/found.h"

#include <algorithm>
#include <utility>

namespace pipedit::planner {

const Found* best_of(const std::vector<Found>& found) {
  if (found.empty()) return nullptr;
  const Nanos best = std::ranges::min_element(found, {}, &Found::value)->value;
  const Found* simplest = nullptr;
  for (const Found& one : found) {
    if (one.value > with_tie(best)) continue;
    if (simplest == nullptr || one.complexity < simplest->complexity ||
        (one.complexity == simplest->complexity && one.value < simplest->value))
      simplest = &one;
  }
  return simplest;
}

void TwoBest::add(Nanos value) {
  if (!first_ || value < *first_)
    second_ = std::exchange(first_, value);
  else if (!second_ || value < *second_)
    second_ = value;
}

}  // namespace pipedit::planner
