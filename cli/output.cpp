#include "cli/output.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <string>

#include "core/error.h"
#include "core/json.h"

namespace pipedit::cli {

namespace {

// /dev/null, a pipe: nothing to rename a file onto.
bool is_device(const std::filesystem::path& path) {
  return std::filesystem::exists(path) && !std::filesystem::is_regular_file(path) &&
         !std::filesystem::is_directory(path);
}

}  // namespace

void answer(std::string_view text) {
  errno = 0;
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
  if (!written) throw Error(std::string("standard output: ") + std::strerror(errno));
}

void remark(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fputc('\n', stderr);
}

std::string read_file(const std::filesystem::path& path) { return read_text(path); }

void write_file(const std::filesystem::path& path, std::string_view text) {
  if (!is_device(path)) return write_text(path, text);
  std::ofstream out(path, std::ios::binary);
  if (!out.write(text.data(), static_cast<std::streamsize>(text.size())).flush())
    throw InputError(path.string() + ": cannot be written");
}

void check_writable(const std::filesystem::path& path) {
  if (is_device(path)) return;
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  if (std::filesystem::is_directory(path)) throw InputError(path.string() + ": is a folder");
  if (!std::filesystem::is_directory(folder)) throw InputError(path.string() + ": no such folder");
  if (access(folder.c_str(), W_OK) != 0) throw InputError(path.string() + ": " + std::strerror(errno));
}

}  // namespace pipedit::cli
