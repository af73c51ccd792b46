#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "core/json.h"

namespace pipedit {

std::string read_text(const std::filesystem::path& path) {
  std::error_code code;
  if (std::filesystem::is_directory(path, code))
    throw InputError(fmt::format("{}: is a folder, not a file", path.string()));
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) throw InputError(fmt::format("{}: {}", path.string(), std::strerror(errno != 0 ? errno : ENOENT)));
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

void write_text(const std::filesystem::path& path, std::string_view text) {
  const std::filesystem::path temporary = path.string() + fmt::format(".{}.part", ::getpid());
  errno = 0;
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  std::error_code code;
  if (out) std::filesystem::rename(temporary, path, code);
  if (out && !code) return;
  const std::string reason = code ? code.message() : std::strerror(errno != 0 ? errno : EIO);
  std::filesystem::remove(temporary, code);
  throw InputError(fmt::format("{}: cannot be written: {}", path.string(), reason));
}

}  // namespace pipedit
