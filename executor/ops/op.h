#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "executor/job.h"
#include "program/op.h"
#include "program/program.h"
#include "program/script.h"

namespace pipedit::executor {

// A region in memory: pointers, sizes and strides, never a tensor handle, so that it may cross threads. Strides in
// bytes.
struct View {
  std::byte* data = nullptr;
  std::int64_t slots = 0, rows = 0, elements = 0;
  std::int64_t slot_stride = 0, row_stride = 0;
  program::DType type = program::DType::f32;
  Range row_range;  // rows of the buffer, where an operation needs to know which they are
  int gpu = -1;     // whose memory it is; -1: the host's
};

class OpCache;

// What an operation sees while it runs on a rank's lane.
struct OpContext {
  const Job& job;
  const WeightStore* store;  // resident on the rank's device, or in the buffer that the task loads or names
  const program::Task& task;
  program::Bindings bindings;
  const RequestShape& shape;
  std::string weights;              // prefix of its weights' names: "double.3.video."
  std::vector<View> reads, writes;  // by task.reads and task.writes
  OpCache& cache;                   // the rank's own
};

using OpFunction = void (*)(const OpContext&);

// One line an operation. Throws Error for a kind without one.
OpFunction op_function(program::OpKind);

// The operation of the context's task.
void run_operation(const OpContext&);

}  // namespace pipedit::executor
