#include "executor/kernels/stream.h"
#include "executor/ops/operations.h"
#include "executor/ops/tensors.h"
#include "executor/weights/weight_store.h"

namespace pipedit::executor::ops {

void embed_video(const OpContext& context) {
  kernels::embed_video(matrix(context.reads[0]), context.store->linear(context.weights + "embed"),
                       matrix(context.writes[0]));
}

}  // namespace pipedit::executor::ops
