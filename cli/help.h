#pragma once

#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/options.h"

namespace pipedit::cli {

// Of one command: its sentence, usage, arguments, options with their defaults, an example.
std::string help_text(const About&, const std::vector<Declared>&);

// Of the program: a line a command.
std::string help_text(const std::vector<About>&);

}  // namespace pipedit::cli
