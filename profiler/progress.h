#pragma once

#include <chrono>

#include "profiler/profiler.h"

namespace pipedit::profiler {

// Tells Options::progress how far a measurement of so many like parts has come.
class ProgressOf {
 public:
  ProgressOf(const Options& options, std::size_t parts) : options_(options), parts_(parts) {}

  void one_more() {
    ++done_;
    const Nanos each = (Clock::now() - begin_) / static_cast<std::int64_t>(done_);
    if (options_.progress) options_.progress(done_, parts_, each * static_cast<std::int64_t>(parts_ - done_));
  }

 private:
  using Clock = std::chrono::steady_clock;

  const Options& options_;
  std::size_t parts_, done_ = 0;
  Clock::time_point begin_ = Clock::now();
};

}  // namespace pipedit::profiler
