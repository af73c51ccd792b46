#include "executor/kernels/stream.h"
#include "executor/ops/operations.h"
#include "executor/ops/tensors.h"

namespace pipedit::executor::ops {

void scheduler_step(const OpContext& context) {
  const std::vector<float> sigmas = sigmas_of(context);
  const auto step = static_cast<std::size_t>(context.bindings.step);
  kernels::scheduler_step(matrix(context.writes[0]), matrix(context.reads[0]), sigmas[step], sigmas[step + 1]);
}

}  // namespace pipedit::executor::ops
