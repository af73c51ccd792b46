#pragma once

#include <string>

#include "program/program.h"

namespace pipedit::program {

// Every rank's buffers with their places, and its peak with what it is made of; ranks that read the same stand
// together.
std::string show_memory(const Program&);

}  // namespace pipedit::program
