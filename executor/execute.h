#pragma once

#include <atomic>
#include <functional>

#include "core/timeline.h"
#include "executor/backend.h"
#include "executor/job.h"
#include "executor/ops/op.h"
#include "program/program.h"

namespace pipedit::executor {

// A task about to run, where it belongs.
struct TaskInstanceRef {
  const program::UnitInstance& unit;
  const program::CallInstance& call;
  const program::Task& task;
};

struct ExecuteOptions {
  const std::atomic<bool>* stop = nullptr;                  // set from outside: the run ends as if it had failed
  std::function<void(const TaskInstanceRef&)> before_task;  // called on the rank's thread; what it throws fails the run
  std::function<void(const OpContext&)> operation = run_operation;
};

// Runs the program to its end, one thread a rank. Returns what was measured. On failure throws the first Error, which
// names rank, request, step and task, after every rank has stopped: each does at its next wait.
Timeline execute(const program::Program&, Backend&, const Job&, const ExecuteOptions& = {});

}  // namespace pipedit::executor
