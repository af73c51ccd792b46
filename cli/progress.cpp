#include "cli/progress.h"

#include <unistd.h>

#include <cstdio>

#include <fmt/format.h>

#include "cli/quantities.h"

namespace pipedit::cli {

namespace {

constexpr auto kFirst = 2s, kLine = 10s;
constexpr auto kBar = 200ms;

}  // namespace

Progress::Progress(std::string what) : what_(std::move(what)), terminal_(isatty(STDERR_FILENO) != 0) {
  next_ = start_ + kFirst;
}

Progress::~Progress() {
  if (shown_ && terminal_) std::fputs("\r\033[K", stderr);
}

std::string Progress::text(std::size_t done, std::size_t of, std::optional<Nanos> left) const {
  const Nanos taken = Clock::now() - start_;
  if (!left && done > 0)
    left = Nanos{taken.count() / static_cast<std::int64_t>(done) * static_cast<std::int64_t>(of - done)};
  const double part = of > 0 ? static_cast<double>(done) / static_cast<double>(of) : 0;
  std::string line = fmt::format("{}: {} of {} ({:.0f} %)", what_, done, of, 100 * part);
  // To the second: more would flicker.
  if (left) line += fmt::format(", {} left", duration(*left));
  return line;
}

void Progress::update(std::size_t done, std::size_t of, std::optional<Nanos> left) {
  const auto now = Clock::now();
  if (now < next_.load()) return;  // without the lock, as nearly always
  const std::lock_guard lock(mutex_);
  if (now < next_.load() || done > of) return;
  next_ = now + (terminal_ ? std::chrono::duration_cast<Clock::duration>(kBar) : kLine);
  shown_ = true;
  const std::string line = text(done, of, left);
  std::fprintf(stderr, terminal_ ? "\r%s\033[K" : "%s\n", line.c_str());
  std::fflush(stderr);
}

}  // namespace pipedit::cli
