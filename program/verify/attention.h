#pragma once

#include "program/verify/faults.h"

namespace pipedit::program {

// In every segment with attention: each row of each head that is packed as a query is computed once over all ranks, and
// its output comes once to where its row's owner projects it from, at its place.
void check_attention(const Program&, Faults&);

}  // namespace pipedit::program
