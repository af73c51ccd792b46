#pragma once

#include <string>

#include "program/program.h"

namespace pipedit::program {

// A segment: for every rank its tasks in the order in which its host enqueues them, with lane, sizes, waits and bytes.
// Ranks whose lists read the same, but for numbers of their own, stand together.
std::string show_segment(const Program&, SegmentId);

}  // namespace pipedit::program
