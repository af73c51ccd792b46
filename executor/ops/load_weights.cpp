#include <cstring>

#include "core/error.h"
#include "executor/ops/operations.h"
#include "executor/weights/weight_store.h"

namespace pipedit::executor::ops {

// The bytes of the stage's weights, in the order of their names, into the rank's own memory.
void load_weights(const OpContext& context) {
  const View& target = context.writes[0];
  const auto size = static_cast<std::size_t>(target.elements);
  std::size_t offset = 0;
  for (const auto& [name, tensor] : context.job.weights->tensors()) {
    const std::size_t bytes = std::min(tensor.nbytes(), size - offset);
    std::memcpy(target.data + offset, tensor.const_data_ptr(), bytes);
    offset += bytes;
  }
  if (offset != size) throw Error("the buffer of the stage's weights is larger than all weights");
}

}  // namespace pipedit::executor::ops
