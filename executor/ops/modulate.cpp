#include "executor/kernels/stream.h"
#include "executor/ops/operations.h"
#include "executor/ops/tensors.h"

namespace pipedit::executor::ops {

void modulate(const OpContext& context) {
  const auto& shape = std::get<program::ModulateShape>(context.task.shape);
  const View& table = context.reads[1];
  context.job.kernels.modulate(matrix(context.reads[0]), table_vector(context, table, shape.shift),
                               table_vector(context, table, shape.scale), context.job.model->dit.ln_eps,
                               matrix(context.writes[0]));
}

}  // namespace pipedit::executor::ops
