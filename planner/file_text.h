#pragma once

#include <filesystem>
#include <string>

namespace pipedit::planner {

// core/json.h's read_text for files that do not see that header (it is slow to compile).
std::string text_of_file(const std::filesystem::path&);

}  // namespace pipedit::planner
