#pragma once

#include <vector>

#include "tests/fuzz/readers.h"

namespace pipedit::fuzz {

// Those of the executor: journals and weights.
std::vector<Reader> executor_readers();

}  // namespace pipedit::fuzz
