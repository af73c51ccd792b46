#pragma once

#include "program/verify/faults.h"

namespace pipedit::program {

// Every load fills a buffer of its rank that holds a set of weights, the set's places lie inside of it and side by
// side, and where weights are off-loaded every operation that has some says where they are.
void check_loads(const Program&, Faults&);

}  // namespace pipedit::program
