#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>

#include "core/units.h"

namespace pipedit::cli {

// How far long work has come, on stderr: on a terminal a bar that goes away, elsewhere a line now and then. Nothing for
// what takes less than two seconds. update() may be called from any thread, as often as one likes.
class Progress {
 public:
  explicit Progress(std::string what);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  // Time left is estimated from what has been done so far where it is not given.
  void update(std::size_t done, std::size_t of, std::optional<Nanos> left = std::nullopt);

 private:
  using Clock = std::chrono::steady_clock;
  std::string text(std::size_t done, std::size_t of, std::optional<Nanos> left) const;

  std::string what_;
  bool terminal_;
  Clock::time_point start_ = Clock::now();
  std::atomic<Clock::time_point> next_;
  bool shown_ = false;
  std::mutex mutex_;
};

}  // namespace pipedit::cli
