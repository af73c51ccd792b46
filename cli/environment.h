#pragma once

#include <string>
#include <utility>
#include <vector>

// What commands read of the environment, beside their options.
namespace pipedit::cli {

// The variable's value; empty where it is not set.
std::string variable(const char* name);

// Of commands that run programs: PIPEDIT_FFMPEG and PIPEDIT_FA3_LIBRARY, for their help.
std::vector<std::pair<std::string, std::string>> variables_of_runs();

}  // namespace pipedit::cli
