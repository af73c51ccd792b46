#include <algorithm>

#include "core/error.h"
#include "executor/ops/operations.h"
#include "executor/ops/tensors.h"
#include "executor/weights/weight_store.h"

namespace pipedit::executor::ops {

// The bytes of the stage's weights, in the order of their names, into the rank's own memory.
void load_weights(const OpContext& context) {
  const at::Tensor target = matrix(context.writes[0])[0];
  const std::int64_t size = target.size(0);
  std::int64_t offset = 0;
  for (const auto& [name, tensor] : context.store->tensors()) {
    const std::int64_t bytes = std::min(static_cast<std::int64_t>(tensor.nbytes()), size - offset);
    target.narrow(0, offset, bytes).copy_(tensor.flatten().view(at::kByte).narrow(0, 0, bytes), true);
    offset += bytes;
  }
  if (offset != size) throw Error("the buffer of the stage's weights is larger than all weights");
}

}  // namespace pipedit::executor::ops
