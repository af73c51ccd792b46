#include <string_view>

#include "executor/kernels/linear.h"
#include "executor/kernels/stream.h"
#include "executor/ops/operations.h"
#include "executor/ops/tensors.h"
#include "executor/weights/weight_store.h"

namespace pipedit::executor::ops {

namespace {

kernels::Linear layer(const OpContext& context, std::string_view name) {
  return context.store->linear(context.weights + std::string(name));
}

void project(const OpContext& context, std::string_view name) {
  kernels::linear(matrix(context.reads[0]), layer(context, name), matrix(context.writes[0]));
}

// A single block names its MLP apart from the projections that share its input and output.
bool is_single(const OpContext& context) { return context.store->has(context.weights + "mlp.weight"); }

}  // namespace

void project_v(const OpContext& context) { project(context, "v"); }
void project_k(const OpContext& context) { project(context, "k"); }
void project_q(const OpContext& context) { project(context, "q"); }

// With a second region to read, the product is added to what stands there.
void out_project(const OpContext& context) {
  const at::Tensor attended = joined_slots(context.reads[0]);
  if (context.reads.size() > 1) return kernels::linear_add(attended, layer(context, "out"), matrix(context.writes[0]));
  kernels::linear(attended, layer(context, "out"), matrix(context.writes[0]));
}

void mlp_up(const OpContext& context) {
  context.job.kernels.mlp_up(matrix(context.reads[0]), layer(context, is_single(context) ? "mlp" : "fc1"),
                             matrix(context.writes[0]));
}

void mlp_down(const OpContext& context) { project(context, is_single(context) ? "mlp_out" : "fc2"); }

}  // namespace pipedit::executor::ops
