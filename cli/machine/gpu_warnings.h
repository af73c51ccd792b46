#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/machine/gpus.h"

namespace pipedit::cli {

// std::getenv, or what stands for it.
using Environment = std::function<const char*(const char*)>;

// What cripples a run on these GPUs: each a sentence that says what to do.
std::vector<std::string> warnings_about(const Gpus&, const Environment&);

}  // namespace pipedit::cli
