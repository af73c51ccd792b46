#pragma once

#include <string>

#include "program/program.h"

namespace pipedit::program {

// Each actor with the units of its scripts and the segments that they call.
std::string show_scripts(const Program&);

}  // namespace pipedit::program
