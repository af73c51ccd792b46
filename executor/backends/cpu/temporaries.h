#pragma once

#include "core/units.h"

namespace pipedit::executor {

// Temporaries of operations come and go with every task. Where the C library hands their memory back to the system each
// time, the next task pays a page fault for every page of it, or does not, by what ran before.

// From now on this process keeps what it frees.
void keep_temporaries();

// Takes memory for the calling thread before it is needed; workspace: what its largest operation counts as such.
void prepare_temporaries(Bytes workspace);

}  // namespace pipedit::executor
