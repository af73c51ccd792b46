#pragma once

#include <optional>
#include <vector>

#include "core/units.h"

namespace pipedit::program {

// Rows of heads of the joint sequence.
struct HeadRows {
  Range heads, rows;
};

// A place where `given` does not cover what is `wanted` once, or covers what is not wanted.
struct Miscount {
  std::int64_t head = 0, row = 0;
  int wanted = 0, given = 0;
};
std::optional<Miscount> miscount(const std::vector<HeadRows>& wanted, const std::vector<HeadRows>& given);

}  // namespace pipedit::program
