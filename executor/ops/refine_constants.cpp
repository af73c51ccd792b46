#include "executor/kernels/refiner.h"
#include "executor/ops/operations.h"
#include "executor/ops/tensors.h"

namespace pipedit::executor::ops {

void refine_constants(const OpContext& context) {
  const RequestInput& input = context.job.inputs[index(context.bindings.request)];
  const auto constants = kernels::refiner_constants(*context.store, input.text_states);
  matrix(context.writes[0]).copy_(constants.embedded);
  matrix(context.writes[1]).copy_(constants.pooled);
}

}  // namespace pipedit::executor::ops
