#pragma once

#include <string>

namespace pipedit::cli {

// The command that writes videos: the chosen one, else that of the path, else the one that was found at set-up.
std::string ffmpeg_command(const std::string& chosen);

}  // namespace pipedit::cli
