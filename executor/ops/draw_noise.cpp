#include <ATen/ops/empty.h>
#include <fmt/format.h>

#include "executor/kernels/patches.h"
#include "executor/ops/operations.h"
#include "executor/ops/tensors.h"

namespace pipedit::executor::ops {

namespace {

// Where nothing is given, noise depends on the seed and on the request's place in the whole job, not on ranks or plan.
at::Tensor first_latents(const OpContext& context, const RequestInput& input) {
  if (input.latents) return *input.latents;
  if (input.noise) return *input.noise;
  const auto [t, h, w] = latent_sizes(context);
  const at::TensorOptions there = matrix(context.writes[0]).options().dtype(at::kFloat);
  at::Tensor noise = at::empty({context.job.model->dit.in_channels, t, h, w}, there);
  context.job.kernels.fill_normal(noise, context.job.seed, fmt::format("noise {}", input.number), 0, 1);
  return noise;
}

}  // namespace

void draw_noise(const OpContext& context) {
  const Range rows = std::get<program::RowsShape>(context.task.shape).rows;
  const at::Tensor latents = first_latents(context, context.job.inputs[index(context.bindings.request)]);
  const at::Tensor tokens = kernels::patchify(latents, context.job.model->dit.patch_size);
  matrix(context.writes[0]).copy_(tokens.narrow(0, rows.begin, rows.size()));
}

}  // namespace pipedit::executor::ops
