#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "cli/run_request.h"

namespace pipedit::cli {

// What was run: a video a line, with its prompt where there are some, then where the rest is. Prompts are by number in
// the whole job.
std::string text_of(const RunAnswer&, const std::filesystem::path& folder, const std::vector<std::string>& prompts);

}  // namespace pipedit::cli
