#include "executor/backends/cpu/cpu_backend.h"

#include "executor/backends/cpu/cpu_session.h"

namespace pipedit::executor {

std::unique_ptr<Session> CpuBackend::open(const program::Program& program) {
  return std::make_unique<CpuSession>(program, options_);
}

}  // namespace pipedit::executor
