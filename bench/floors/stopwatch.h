#pragma once

#include <functional>

namespace pipedit::bench {

// Seconds that the work took on the current stream of the first GPU: the shortest of a few runs, after one that does
// not count.
double shortest_seconds(const std::function<void()>& work);

}  // namespace pipedit::bench
