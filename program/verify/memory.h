#pragma once

#include "program/verify/faults.h"

namespace pipedit::program {

// Buffers that are alive at once do not share bytes, and the memory table says what they take.
void check_memory(const Program&, Faults&);

}  // namespace pipedit::program
