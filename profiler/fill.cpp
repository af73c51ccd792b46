#include "profiler/fill.h"

#include <ATen/ops/randn_like.h>

#include "executor/ops/tensors.h"

namespace pipedit::profiler {

void Filler::fill_once(const executor::OpContext& context) {
  const std::scoped_lock lock(mutex_);
  for (const executor::View& view : context.reads) {
    if (!filled_.insert(view.data).second) continue;
    for (std::int64_t i = 0; i < view.slots; ++i) {
      at::Tensor slot = executor::slot(view, i);
      if (slot.is_floating_point()) slot.copy_(at::randn_like(slot));
    }
  }
}

}  // namespace pipedit::profiler
