#include "executor/kernels/stream.h"
#include "executor/ops/operations.h"
#include "executor/ops/tensors.h"

namespace pipedit::executor::ops {

void gate(const OpContext& context) {
  const auto& shape = std::get<program::ModulateShape>(context.task.shape);
  context.job.kernels.gated_add(matrix(context.writes[0]), table_vector(context, context.reads[1], shape.gate),
                                matrix(context.reads[0]));
}

}  // namespace pipedit::executor::ops
