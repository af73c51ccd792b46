#include "executor/kernels/patches.h"
#include "executor/ops/operations.h"
#include "executor/ops/tensors.h"

namespace pipedit::executor::ops {

void save_latent(const OpContext& context) {
  context.job.sink->latent(
      context.bindings.request,
      kernels::unpatchify(matrix(context.reads[0]), latent_sizes(context), context.job.model->dit.patch_size));
}

}  // namespace pipedit::executor::ops
