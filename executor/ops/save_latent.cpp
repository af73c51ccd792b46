#include "executor/kernels/patches.h"
#include "executor/ops/operations.h"
#include "executor/ops/tensors.h"

namespace pipedit::executor::ops {

void save_latent(const OpContext& context) {
  const at::Tensor tokens = matrix(context.reads[0]).cpu();
  context.job.sink->latent(context.bindings.request,
                           kernels::unpatchify(tokens, latent_sizes(context), context.job.model->dit.patch_size));
}

}  // namespace pipedit::executor::ops
