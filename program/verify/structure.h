#pragma once

#include "program/verify/faults.h"

namespace pipedit::program {

// Whether what is named exists, lies where it says, and has its counterpart; the other checks rely on it.
void check_structure(const Program&, const Cluster&, Faults&);

}  // namespace pipedit::program
