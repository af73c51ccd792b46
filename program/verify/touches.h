#pragma once

#include <optional>
#include <vector>

#include "program/verify/cells.h"

namespace pipedit::program {

// What a segment's tasks and parts touch: the same at every call but for the copies.
struct Touched {
  std::vector<Footprint> reads, writes;
  std::optional<Footprint> weights;  // off-loaded ones that the task uses
};
struct SegmentTouches {
  std::vector<Touched> tasks;               // an exchange's are with its parts
  std::vector<std::vector<Touched>> parts;  // by exchange
};
std::vector<SegmentTouches> touches(const Program&, const Cells&);

}  // namespace pipedit::program
