#include "cli/module/run_inputs.h"

namespace pipedit::cli {

std::vector<executor::RequestInput> load_inputs(const executor::RunOrigin& origin, const models::Model& model,
                                                const executor::Remaining& left) {
  auto inputs = origin.embeddings ? executor::read_embeddings(*origin.embeddings, model, left.numbers)
                                  : executor::random_embeddings(origin.random_embeddings.value_or(0), model,
                                                                left.workload, left.numbers);
  for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i].latents = left.latents[i];
  return inputs;
}

}  // namespace pipedit::cli
