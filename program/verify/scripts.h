#pragma once

#include "program/verify/faults.h"

namespace pipedit::program {

// Whether actors own their ranks, scripts call segments that exist, and a segment's tasks are on ranks that take part
// in the unit.
void check_scripts(const Program&, Faults&);

}  // namespace pipedit::program
