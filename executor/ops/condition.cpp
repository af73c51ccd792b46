#include "executor/kernels/conditioning.h"

#include <ATen/ops/tensor.h>

#include "executor/ops/operations.h"
#include "executor/ops/tensors.h"
#include "models/hunyuanvideo/schedule.h"

namespace pipedit::executor::ops {

void condition(const OpContext& context) {
  const models::Model& model = *context.job.model;
  const std::vector<float> guidance{models::hunyuanvideo::guidance_input(model.sampler.guidance)};
  const at::Tensor guidance_sinusoid = kernels::sinusoids(at::tensor(guidance), model.dit.time_sinusoid);
  const RequestInput& input = context.job.inputs[index(context.bindings.request)];
  matrix(context.writes[0])
      .copy_(kernels::conditioning_vectors(*context.store, time_sinusoids(context), guidance_sinusoid, input.pooled));
}

}  // namespace pipedit::executor::ops
