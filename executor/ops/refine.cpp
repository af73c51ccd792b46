#include <ATen/ops/empty_like.h>

#include "executor/kernels/refiner.h"
#include "executor/ops/operations.h"
#include "executor/ops/tensors.h"

namespace pipedit::executor::ops {

// All text rows are refined, since each depends on all; this rank keeps its own.
void refine(const OpContext& context) {
  const WeightStore& weights = *context.store;
  const kernels::RefinerConstants constants{matrix(context.reads[0]), matrix(context.reads[1])};
  const at::Tensor time = time_sinusoids(context).narrow(0, context.bindings.step, 1);
  at::Tensor refined = at::empty_like(constants.embedded);
  kernels::refine(weights, context.job.model->dit, constants, kernels::refiner_vectors(weights, constants, time),
                  refined);
  const Range kept = std::get<program::RowsShape>(context.task.shape).rows;
  matrix(context.writes[0]).copy_(refined.narrow(0, kept.begin, kept.size()));
}

}  // namespace pipedit::executor::ops
