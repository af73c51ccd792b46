#pragma once

#include <optional>
#include <vector>

#include "program/program.h"

namespace pipedit::program {

// By segment and task: the off-loaded weights that the task uses, which no list of reads names. They are those that its
// rank loads in its script for its phase; nothing where weights are resident or the operation has none.
std::vector<std::vector<std::optional<Region>>> weights_used(const Program&);

}  // namespace pipedit::program
