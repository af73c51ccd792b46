#include "cli/module/ffmpeg.h"

#include <cstdlib>

namespace pipedit::cli {

std::string ffmpeg_command(const std::string& chosen) {
  if (!chosen.empty()) return chosen;
  return std::system("command -v ffmpeg >/dev/null 2>&1") == 0 ? "ffmpeg" : PIPEDIT_FFMPEG;
}

}  // namespace pipedit::cli
