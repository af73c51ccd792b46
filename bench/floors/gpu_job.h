#pragma once

#include "core/timeline.h"
#include "core/workload.h"
#include "executor/backends/cuda/cuda_backend.h"
#include "executor/kernels/cuda/kernel_set.h"
#include "executor/weights/weight_store.h"
#include "models/model.h"
#include "program/program.h"

namespace pipedit::bench {

struct Run {
  program::Program program;
  Timeline timeline;
  Bytes temporaries;  // most that operations held beside the program's own memory
};

// A model with random weights on the first GPU, whose requests the executor computes and decodes there.
class GpuJob {
 public:
  GpuJob(const models::Model&, const executor::kernels::cuda::KernelOptions&);

  // One rank, one request of the shape. Every kernel has run at every size before: a short run comes first, which does
  // each task of a size but once.
  Run run(const RequestShape&);

 private:
  const models::Model& model_;
  executor::kernels::KernelSet kernels_;
  executor::WeightStore weights_;
  executor::CudaBackend backend_;
};

}  // namespace pipedit::bench
