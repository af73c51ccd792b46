#include <ATen/ops/cat.h>

#include "executor/kernels/conditioning.h"
#include "executor/ops/operations.h"
#include "executor/ops/tensors.h"

namespace pipedit::executor::ops {

namespace {

// A block has one linear layer for its whole table; the final layer one for each half.
std::vector<std::string> layers_of(const OpContext& context) {
  if (context.store->has(context.weights + "modulation.weight")) return {"modulation"};
  return {"shift", "scale"};
}

}  // namespace

void modulation(const OpContext& context) {
  const at::Tensor vectors = matrix(context.reads[0]);
  std::vector<at::Tensor> parts;
  for (const std::string& layer : layers_of(context))
    parts.push_back(kernels::modulation_vectors(vectors, context.store->linear(context.weights + layer)));
  matrix(context.writes[0]).copy_(at::cat(parts, 1));
}

}  // namespace pipedit::executor::ops
