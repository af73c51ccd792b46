#pragma once

#include <vector>

#include "executor/job.h"
#include "executor/memory.h"
#include "executor/weights/weight_store.h"
#include "program/program.h"

namespace pipedit::executor {

// Off-loaded weights where a program's load_weights tasks put them: views into its buffers, of the shapes that the
// host's copy has. They hold weights only when such a task has run, and live no longer than the session's memory.
class LoadedWeights {
 public:
  // Throws Error, naming the weight, where the host's copy lacks one or has it in another size than the program says.
  LoadedWeights(const program::Program&, const Addresses&, const Job&);

  // Null where the buffer holds none.
  const WeightStore* in(BufferId) const;
  // What the task loads or uses; null where that is resident.
  const WeightStore* of(const program::Task&) const;

 private:
  std::vector<WeightStore> stores_;  // by buffer; without weights where the buffer holds none
};

}  // namespace pipedit::executor
