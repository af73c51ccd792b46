#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "cli/progress.h"
#include "executor/execute.h"

namespace pipedit::cli {

// Counts the steps of a run as they start.
class RunProgress {
 public:
  RunProgress(const program::Program&, std::string what);

  // On the thread of the task's rank.
  void before_task(const executor::TaskInstanceRef&);

 private:
  const program::Program& program_;
  std::size_t steps_ = 0;
  std::atomic<std::size_t> started_{0};
  std::vector<program::Bindings> last_;  // by actor, touched by the thread of its first rank alone
  Progress progress_;
};

}  // namespace pipedit::cli
