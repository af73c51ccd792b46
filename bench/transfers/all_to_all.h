#pragma once

#include "program/program.h"

namespace pipedit::bench {

// One rank a GPU, the first `gpus` of the machine; each sends a part of this size to every other one, `times` times,
// one exchange behind the other.
program::Program all_to_all(Transport, int gpus, Bytes part, int times);

}  // namespace pipedit::bench
