#include "cli/module/ffmpeg.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <sstream>

#include <fmt/format.h>

#include "core/error.h"

namespace pipedit::cli {

namespace {

bool is_program(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored) && access(path.c_str(), X_OK) == 0;
}

// As execvp looks for it.
bool is_command(const std::string& name) {
  if (name.find('/') != std::string::npos) return is_program(name);
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');)
    if (is_program(std::filesystem::path(folder.empty() ? "." : folder) / name)) return true;
  return false;
}

}  // namespace

std::string ffmpeg_command(const std::string& chosen) {
  const std::string command = !chosen.empty() ? chosen : is_command("ffmpeg") ? "ffmpeg" : PIPEDIT_FFMPEG;
  if (!is_command(command))
    throw InputError(fmt::format("{}: is no program that can be run; set PIPEDIT_FFMPEG to ffmpeg", command));
  return command;
}

}  // namespace pipedit::cli
