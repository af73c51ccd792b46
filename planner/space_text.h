#pragma once

#include <cstdint>
#include <string>

#include "planner/space.h"

namespace pipedit::planner {

struct SpaceSize {
  std::int64_t cuts = 0;          // into pipelines
  std::int64_t groups = 0;        // that a pipeline can have
  std::int64_t one_pipeline = 0;  // plans of one pipeline
  std::int64_t plans = 0;         // all, for one transport, resident
  std::int64_t offloaded = 0;     // plans beside these that off-load weights: Ulysses, with and without fill
};
SpaceSize space_size(int ranks, int heads);

// "341 cuts of up to 8 ranks into pipelines x (shares lent x chunk lists x 3 row groups x 2 fill) for each kind of
// pipeline x transport peer = 12345678 plans, 98765 of them one pipeline; and 14 of Ulysses that off-load weights".
std::string describe_space(int ranks, int heads, Transport);

}  // namespace pipedit::planner
