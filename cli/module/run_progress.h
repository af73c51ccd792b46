#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "cli/progress.h"
#include "executor/execute.h"

namespace pipedit::cli {

// How much of a run's work is done, denoising and decoding, counted in operations as tasks start.
class RunProgress {
 public:
  RunProgress(const program::Program&, const std::string& what);

  // On the thread of the task's rank.
  void before_task(const executor::TaskInstanceRef&);

 private:
  std::vector<std::vector<Flops>> work_;  // by segment and task
  std::vector<Flops> running_;            // by rank, touched by its thread alone: of its task under way
  Flops total_;
  std::atomic<std::int64_t> done_{0};
  Progress progress_;
};

}  // namespace pipedit::cli
