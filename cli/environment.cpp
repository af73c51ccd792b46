#include "cli/environment.h"

#include <cstdlib>

namespace pipedit::cli {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::vector<std::pair<std::string, std::string>> variables_of_runs() {
  return {{"PIPEDIT_FFMPEG", "the ffmpeg command that writes videos (default: that of the path, else set-up's)"},
          {"PIPEDIT_FA3_LIBRARY", "FlashAttention-3's shared object (default: the one beside LibTorch)"}};
}

}  // namespace pipedit::cli
