#include "executor/kernels/patches.h"
#include "executor/ops/operations.h"
#include "executor/ops/tensors.h"

namespace pipedit::executor::ops {

namespace {

at::Tensor narrow(const at::Tensor& x, std::int64_t dim, Range range) {
  return x.narrow(dim, range.begin, range.size());
}

}  // namespace

// Rows are colour planes of frames; a small tile leaves the end of each row alone.
void decode_tile(const OpContext& context) {
  const models::Model& model = *context.job.model;
  const auto& tile = std::get<program::TileShape>(context.task.shape);
  const at::Tensor latents = kernels::unpatchify(matrix(context.reads[0]), latent_sizes(context), model.dit.patch_size);
  const at::Tensor box = narrow(narrow(narrow(latents, 1, tile.frames), 2, tile.rows), 3, tile.columns);
  const at::Tensor frames = context.job.kernels.decode_tile(*context.store, model.vae, box);
  const std::int64_t pixels = frames.size(2) * frames.size(3);
  matrix(context.writes[0]).narrow(1, 0, pixels).copy_(frames.reshape({-1, pixels}));
}

}  // namespace pipedit::executor::ops
