#include "executor/ops/operations.h"
#include "executor/ops/tensors.h"

namespace pipedit::executor::ops {

// Views, region by region, of equal boxes.
void keep_outputs(const OpContext& context) {
  for (std::size_t i = 0; i < context.reads.size(); ++i)
    context.job.kernels.copy_slots(slots(context.reads[i]), slots(context.writes[i]));
}

}  // namespace pipedit::executor::ops
