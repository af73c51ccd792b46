#include "executor/ops/operations.h"
#include "executor/ops/tensors.h"

namespace pipedit::executor::ops {

void write_frames(const OpContext& context) {
  const auto& layer = std::get<program::LayerShape>(context.task.shape);
  const at::Tensor frames = matrix(context.reads[0]).unflatten(1, {layer.height, layer.width, 3});
  context.job.sink->frames(context.bindings.request, layer.frames, frames);
  if (layer.frames.end == context.shape.frames) context.job.sink->finished(context.bindings.request);
}

}  // namespace pipedit::executor::ops
