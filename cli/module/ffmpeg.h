#pragma once

#include <string>

namespace pipedit::cli {

// The command that writes videos: the chosen one, else that of the path, else the one that was found at set-up. Throws
// InputError where that cannot be run: better now than when the first video is decoded.
std::string ffmpeg_command(const std::string& chosen);

}  // namespace pipedit::cli
