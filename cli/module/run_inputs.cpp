#include "cli/module/run_inputs.h"

#include "executor/weights/load.h"
#include "executor/weights/random.h"
#include "models/registry.h"

namespace pipedit::cli {

executor::WeightStore load_weights(const executor::RunOrigin& origin, const models::Model& model) {
  const at::ScalarType dtype = model.dtype == models::Dtype::bf16 ? at::kBFloat16 : at::kFloat;
  const auto specifications = models::weights_of(model);
  if (origin.weights) return executor::load_weights(*origin.weights, specifications, dtype);
  return executor::random_weights(specifications, origin.random_weights.value_or(0), dtype);
}

std::vector<executor::RequestInput> load_inputs(const executor::RunOrigin& origin, const models::Model& model,
                                                const executor::Remaining& left) {
  auto inputs = origin.embeddings ? executor::read_embeddings(*origin.embeddings, model, left.numbers)
                                  : executor::random_embeddings(origin.random_embeddings.value_or(0), model,
                                                                left.workload, left.numbers);
  for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i].latents = left.latents[i];
  return inputs;
}

}  // namespace pipedit::cli
