#include "executor/kernels/attention.h"

#include "executor/ops/operations.h"
#include "executor/ops/tensors.h"

namespace pipedit::executor::ops {

// An item's regions hold its heads, a slot each.
void attention(const OpContext& context) {
  const auto& shape = std::get<program::AttentionShape>(context.task.shape);
  std::vector<kernels::AttentionItem> heads;
  for (std::size_t i = 0; i < shape.items.size(); ++i)
    for (std::int64_t head = 0; head < shape.items[i].heads.size(); ++head)
      heads.push_back({.q = slot(context.reads[3 * i], head),
                       .first_row = shape.items[i].rows.begin,
                       .k = slot(context.reads[3 * i + 1], head),
                       .v = slot(context.reads[3 * i + 2], head),
                       .out = slot(context.writes[i], head)});
  kernels::attention(heads);
}

}  // namespace pipedit::executor::ops
