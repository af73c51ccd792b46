#pragma once

#include "program/program.h"

namespace pipedit::program {

// Whether what `writer` has put there is what `reader` wants as its read number `operand` (program/op.h): two results
// that pass through one buffer in one call, as the projections of v, k and q do, are told apart by this alone. Of an
// exchange the reader is a part, whose only read is its source.
bool may_read(const Task& reader, std::size_t operand, const Task& writer);

}  // namespace pipedit::program
