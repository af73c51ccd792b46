#include "executor/run_folder/journal.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "core/error.h"
#include "core/json.h"
#include "executor/run_folder/journal_json.h"

namespace pipedit::executor {

namespace {

[[noreturn]] void refuse(const std::filesystem::path& path) {
  throw InputError(fmt::format("{}: cannot be written: {}", path.string(), std::strerror(errno)));
}

// What a crash left of a line is cut off before more is appended.
void cut_broken_line(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return;
  const std::string text = read_text(path);
  const std::size_t whole = text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1;
  if (whole != text.size()) std::filesystem::resize_file(path, whole);
}

}  // namespace

Journal::Journal(const std::filesystem::path& path) : path_(path) {
  cut_broken_line(path);
  file_ = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (file_ < 0) refuse(path_);
}

Journal::~Journal() { ::close(file_); }

void Journal::start(const RunOrigin& origin) { append(origin_line(origin)); }

void Journal::add(JournalEvent event, RequestId request) { append(event_line(event, request)); }

void Journal::append(std::string_view line) {
  const std::lock_guard lock(mutex_);
  const std::string whole = std::string(line) + "\n";
  const ssize_t written = ::write(file_, whole.data(), whole.size());
  if (written >= 0 && written != static_cast<ssize_t>(whole.size())) errno = ENOSPC;
  if (written != static_cast<ssize_t>(whole.size()) || ::fsync(file_) != 0) refuse(path_);
}

JournalContents parse_journal(std::string_view text) {
  JournalContents contents;
  int line = 0;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    ++line;
    try {
      if (line == 1)
        contents.origin = parse_origin_line(text.substr(0, end));
      else
        parse_event_line(text.substr(0, end), contents);
    } catch (Error& e) {
      e.add_context(fmt::format("line {}", line));
      throw;
    }
    text.remove_prefix(end + 1);
  }
  if (line == 0) throw InputError("no run was started here");
  return contents;
}

JournalContents read_journal(const std::filesystem::path& path) { return parse_file(path, parse_journal); }

}  // namespace pipedit::executor
