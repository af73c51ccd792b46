#include "core/file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>

#include <fmt/format.h>

#include "core/error.h"

namespace pipedit {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMostText = 1 << 30;

[[noreturn]] void refuse(const fs::path& path, const std::string& reason) {
  throw InputError(fmt::format("{}: cannot be written: {}", path.string(), reason));
}

std::string last_error() { return std::strerror(errno != 0 ? errno : EIO); }

// Renamed over such a file, another one would take its place while this program goes on writing to the old one. Not
// every /dev has the link.
bool is_standard_output(const fs::path& path) {
  if (path == "/dev/stdout") return true;
  struct stat file {
  }, output{};
  return ::stat(path.c_str(), &file) == 0 && ::fstat(STDOUT_FILENO, &output) == 0 && file.st_dev == output.st_dev &&
         file.st_ino == output.st_ino;
}

bool is_device(const fs::path& path) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  return fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
}

void write_to(std::ostream& out, const fs::path& path, const std::function<void(std::ostream&)>& write) {
  errno = 0;
  if (out) write(out);
  if (!out.flush()) refuse(path, last_error());
}

// Gone with its owner; once it has been renamed, nothing is left to go.
class Temporary {
 public:
  explicit Temporary(const fs::path& target) : path_(fmt::format("{}.{}.part", target.string(), ::getpid())) {}
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

fs::path end_of_links(const fs::path& path) {
  std::error_code code;
  const fs::path end = fs::is_symlink(path, code) ? fs::canonical(path, code) : path;
  return code ? path : end;
}

void replace(const fs::path& path, const std::function<void(std::ostream&)>& write) {
  const fs::path target = end_of_links(path);
  std::error_code code;
  if (fs::is_directory(target, code)) refuse(path, "is a folder");
  const Temporary temporary(target);
  errno = 0;
  std::ofstream out(temporary.path(), std::ios::binary | std::ios::trunc);
  if (!out) refuse(path, last_error());
  write_to(out, path, write);
  out.close();
  if (!out) refuse(path, last_error());
  fs::rename(temporary.path(), target, code);
  if (code) refuse(path, code.message());
}

}  // namespace

std::string read_text(const fs::path& path) {
  std::error_code code;
  if (fs::is_directory(path, code)) throw InputError(fmt::format("{}: is a folder, not a file", path.string()));
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) throw InputError(fmt::format("{}: {}", path.string(), std::strerror(errno != 0 ? errno : ENOENT)));
  std::string text;
  std::array<char, 1 << 16> part{};
  while (in.read(part.data(), part.size()), in.gcount() > 0) {
    text.append(part.data(), static_cast<std::size_t>(in.gcount()));
    if (text.size() > kMostText) throw InputError(path.string() + ": holds more than 1 GiB");
  }
  return text;
}

void write_file(const fs::path& path, const std::function<void(std::ostream&)>& write) {
  if (is_standard_output(path)) return write_to(std::cout, path, write);
  if (!is_device(path)) return replace(path, write);
  errno = 0;
  std::ofstream out(path, std::ios::binary);
  if (!out) refuse(path, last_error());
  write_to(out, path, write);
}

void write_file(const fs::path& path, std::string_view text) {
  write_file(path, [&](std::ostream& out) { out.write(text.data(), static_cast<std::streamsize>(text.size())); });
}

bool is_same_file(const fs::path& a, const fs::path& b) {
  if (is_standard_output(a) || is_device(a)) return false;
  const auto whole = [](const fs::path& path) {
    std::error_code ignored;
    return fs::weakly_canonical(fs::absolute(path, ignored), ignored);
  };
  std::error_code ignored;
  return fs::equivalent(a, b, ignored) || whole(a) == whole(b);
}

void check_writable(const fs::path& path, const std::vector<fs::path>& read) {
  if (is_standard_output(path) || is_device(path)) return;
  std::error_code ignored;
  for (const fs::path& input : read)
    if (fs::exists(input, ignored) && is_same_file(path, input)) refuse(path, "is what is read");
  const fs::path target = end_of_links(path);
  const fs::path folder = target.has_parent_path() ? target.parent_path() : ".";
  if (fs::is_directory(target, ignored)) throw InputError(path.string() + ": is a folder");
  if (!fs::is_directory(folder, ignored)) throw InputError(path.string() + ": no such folder");
  if (::access(folder.c_str(), W_OK) != 0) throw InputError(path.string() + ": " + std::strerror(errno));
}

}  // namespace pipedit
