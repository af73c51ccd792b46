#pragma once

#include "executor/backend.h"

namespace pipedit::executor {

struct CpuOptions {
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
