#include "executor/kernels/stream.h"
#include "executor/ops/operations.h"
#include "executor/ops/tensors.h"
#include "executor/weights/weight_store.h"

namespace pipedit::executor::ops {

void final_layer(const OpContext& context) {
  const View& table = context.reads[1];
  kernels::final_layer(matrix(context.reads[0]), table_vector(context, table, 0), table_vector(context, table, 1),
                       context.job.model->dit.ln_eps, context.store->linear(context.weights + "out"),
                       matrix(context.writes[0]), context.job.kernels.modulate);
}

}  // namespace pipedit::executor::ops
