#include "executor/backends/cpu/turns.h"

#include "program/program.h"

namespace pipedit::executor {

void Turns::take() {
  std::unique_lock lock(mutex_);
  if (free_ > 0) {
    --free_;
    return;
  }
  Waiting waiting;
  line_.push_back(&waiting);
  waiting.signal.wait(lock, [&] { return waiting.served; });
}

// Handed straight to the first in line, so that nobody can push in.
void Turns::give() {
  const std::lock_guard lock(mutex_);
  if (line_.empty()) {
    ++free_;
    return;
  }
  Waiting* next = line_.front();
  line_.pop_front();
  next->served = true;
  next->signal.notify_one();
}

bool Turns::is_over(std::chrono::steady_clock::time_point begin) const {
  if (std::chrono::steady_clock::now() - begin < program::kCpuTurn) return false;
  const std::lock_guard lock(mutex_);
  return !line_.empty();
}

}  // namespace pipedit::executor
