#pragma once

#include <string>

#include "core/timeline.h"

namespace pipedit::cli {

// What a simulated timeline says: requests, ranks, where the costs came from.
std::string text_of(const Timeline&);

}  // namespace pipedit::cli
