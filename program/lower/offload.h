#pragma once

#include <string>
#include <vector>

#include "program/lower/context.h"

namespace pipedit::program::lowering {

// Off-load: a stage's weights come from pinned host memory, on the copy lane, into bytes that the other stage's use
// before and after.
Segment lower_load(const Context&, BufferTable&, const std::vector<Rank>&, std::string name, Phase, Bytes size);

}  // namespace pipedit::program::lowering
