#pragma once

#include <vector>

#include "planner/found.h"
#include "planner/search.h"

namespace pipedit::planner {

// Lists in the answer the best plan of each family and of the others the `top` best: the winner first, then by value.
// `left`: the least bound of plans that nothing is known of, from which the gap follows.
void rank(Answer&, const std::vector<Found>& named, std::vector<Found> all, int top, Nanos left);

}  // namespace pipedit::planner
