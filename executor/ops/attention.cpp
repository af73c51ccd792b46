#include "executor/ops/operations.h"
#include "executor/ops/tensors.h"

namespace pipedit::executor::ops {

// An item's regions hold its heads, a slot each.
void attention(const OpContext& context) {
  const auto& shape = std::get<program::AttentionShape>(context.task.shape);
  std::vector<kernels::AttentionHeads> items;
  for (std::size_t i = 0; i < shape.items.size(); ++i)
    items.push_back({.q = slots(context.reads[3 * i]),
                     .first_row = shape.items[i].rows.begin,
                     .k = slots(context.reads[3 * i + 1]),
                     .v = slots(context.reads[3 * i + 2]),
                     .out = slots(context.writes[i])});
  context.job.kernels.attention(items);
}

}  // namespace pipedit::executor::ops
