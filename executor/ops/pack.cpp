#include "executor/kernels/pack.h"

#include "executor/ops/cache.h"
#include "executor/ops/operations.h"
#include "executor/ops/tensors.h"
#include "executor/weights/weight_store.h"

namespace pipedit::executor::ops {

namespace {

// The written regions hold the shape's heads in order, a slot each.
std::vector<kernels::PackedHead> packed_heads(const OpContext& context) {
  std::vector<kernels::PackedHead> heads;
  const std::vector<int>& order = std::get<program::PackShape>(context.task.shape).heads;
  for (const View& region : context.writes)
    for (std::int64_t i = 0; i < region.slots; ++i) heads.push_back({order[heads.size()], slot(region, i)});
  return heads;
}

void pack(const OpContext& context, const kernels::PackOptions& options) {
  const std::int64_t head_dim = std::get<program::PackShape>(context.task.shape).head_dim;
  context.job.kernels.pack(matrix(context.reads[0]), head_dim, options, packed_heads(context));
}

void pack_normed(const OpContext& context, const char* gain) {
  const models::DitConfig& dit = context.job.model->dit;
  const Range rows = std::get<program::PackShape>(context.task.shape).rows;
  pack(context, {.gain = context.store->at(context.weights + gain),
                 .eps = dit.qk_norm_eps,
                 .rope = &context.cache.rope(dit, token_grid(context), rows, matrix(context.reads[0]).device())});
}

}  // namespace

void pack_v(const OpContext& context) { pack(context, {}); }
void pack_k(const OpContext& context) { pack_normed(context, "k_norm.weight"); }
void pack_q(const OpContext& context) { pack_normed(context, "q_norm.weight"); }

}  // namespace pipedit::executor::ops
