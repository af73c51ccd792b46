#pragma once

#include <string>

#include "program/program.h"

namespace pipedit::program {

// What off-loaded weights are loaded together, and where they lie; names with a first part in common in one line.
// Empty where no weights are off-loaded.
std::string show_weights(const Program&);

}  // namespace pipedit::program
