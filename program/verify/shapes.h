#pragma once

#include "program/program.h"

namespace pipedit::program {

// Whether a task has the shape of its kind, and as many reads and writes as program/op.h says.
bool has_its_shape(const Task&);
bool has_its_operands(const Task&);

}  // namespace pipedit::program
