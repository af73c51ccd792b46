#pragma once

#include <algorithm>
#include <thread>

#include "executor/backend.h"

namespace pipedit::executor {

struct CpuOptions {
  // Of each device: ranks that compute at once. A run gives what the plan's cluster says.
  int slots = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  bool poison = false;  // memory starts as NaNs, so that a read of what nobody wrote shows
};

// Ranks as threads of this process.
class CpuBackend : public Backend {
 public:
  explicit CpuBackend(CpuOptions options = {}) : options_(options) {}
  std::unique_ptr<Session> open(const program::Program&) override;

 private:
  CpuOptions options_;
};

}  // namespace pipedit::executor
