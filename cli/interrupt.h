#pragma once

#include <atomic>

namespace pipedit::cli {

// While one exists, the first Ctrl-C (or SIGTERM, or a closed terminal) sets a flag, and a second Ctrl-C ends the
// program as usual.
class InterruptFlag {
 public:
  InterruptFlag();
  InterruptFlag(const InterruptFlag&) = delete;
  InterruptFlag& operator=(const InterruptFlag&) = delete;
  ~InterruptFlag();
  const std::atomic<bool>& flag() const;
};

}  // namespace pipedit::cli
