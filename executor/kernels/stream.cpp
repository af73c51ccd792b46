#include "executor/kernels/stream.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/addcmul.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/native_layer_norm.h>

namespace pipedit::executor::kernels {

namespace {

at::ScalarType accumulation(const at::Tensor& x) { return x.scalar_type() == at::kDouble ? at::kDouble : at::kFloat; }

at::Tensor modulated(const at::Tensor& x, const at::Tensor& shift, const at::Tensor& scale, double eps) {
  const at::ScalarType type = accumulation(x);
  const at::Tensor normed = std::get<0>(at::native_layer_norm(x.to(type), {x.size(-1)}, {}, {}, eps));
  return at::addcmul(shift.to(type), normed, scale.to(type) + 1);
}

}  // namespace

void modulate(const at::Tensor& x, const at::Tensor& shift, const at::Tensor& scale, double eps,
              const at::Tensor& out) {
  out.copy_(modulated(x, shift, scale, eps));
}

void gated_add(const at::Tensor& hidden, const at::Tensor& gate, const at::Tensor& x) { hidden.addcmul_(gate, x); }

void copy_slots(const at::Tensor& x, const at::Tensor& out) { out.copy_(x); }

void mlp_up(const at::Tensor& x, const Linear& layer, const at::Tensor& out) {
  linear(x, layer, out);
  at::Tensor result = out;
  at::gelu_(result, "tanh");
}

void embed_video(const at::Tensor& tokens, const Linear& embed, const at::Tensor& out) {
  linear(tokens.to(embed.weight.scalar_type()), embed, out);
}

void final_layer(const at::Tensor& hidden, const at::Tensor& shift, const at::Tensor& scale, double eps,
                 const Linear& final_out, const at::Tensor& velocity, decltype(&modulate) by) {
  const at::Tensor normed = at::empty_like(hidden);
  by(hidden, shift, scale, eps, normed);
  velocity.copy_(linear(normed, final_out));
}

void scheduler_step(const at::Tensor& latents, const at::Tensor& velocity, float sigma, float sigma_next) {
  latents.add_(velocity.to(latents.scalar_type()), sigma_next - sigma);
}

}  // namespace pipedit::executor::kernels
