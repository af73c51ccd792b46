#include "executor/inputs/check_job.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.h"

namespace pipedit::executor {

namespace {

void check_sizes(const char* what, const at::Tensor& tensor, const std::vector<std::int64_t>& expected) {
  if (!tensor.defined()) throw InputError(fmt::format("no {}", what));
  if (tensor.sizes() != at::IntArrayRef(expected))
    throw InputError(
        fmt::format("{}: expected [{}], got [{}]", what, fmt::join(expected, ", "), fmt::join(tensor.sizes(), ", ")));
}

std::vector<std::int64_t> latent_sizes(const models::Model& model, const RequestShape& shape) {
  return {model.dit.in_channels, (shape.frames - 1) / models::kTimeCompression + 1,
          shape.height / models::kSpaceCompression, shape.width / models::kSpaceCompression};
}

void check_input(const models::Model& model, const RequestShape& shape, const RequestInput& input) {
  const std::vector<std::int64_t> latents = latent_sizes(model, shape);
  if (input.latents) check_sizes("latents", *input.latents, latents);
  if (shape.steps == 0) {
    if (!input.latents) throw InputError("no steps and no latents");
    return;
  }
  if (input.noise) check_sizes("noise", *input.noise, latents);
  check_sizes("text_states", input.text_states, {shape.text_tokens, model.dit.text_dim});
  check_sizes("pooled", input.pooled, {model.dit.pooled_dim});
}

}  // namespace

void check(const Job& job) {
  if (job.inputs.size() != job.workload->requests.size())
    throw InputError(fmt::format("{} inputs for {} requests", job.inputs.size(), job.workload->requests.size()));
  for (std::size_t i = 0; i < job.inputs.size(); ++i) {
    try {
      check_input(*job.model, job.workload->shape_of(RequestId{static_cast<int>(i)}), job.inputs[i]);
    } catch (InputError& e) {
      e.add_context(fmt::format("request {}", job.inputs[i].number));
      throw;
    }
  }
}

}  // namespace pipedit::executor
