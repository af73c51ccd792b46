#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/file.h"

namespace pipedit::cli {

// To stdout: the answer. Throws Error where it cannot be written.
void answer(std::string_view text);

// To stderr: a line that is not part of the answer.
void remark(std::string_view text);

}  // namespace pipedit::cli
