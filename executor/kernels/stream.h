#pragma once

#include "executor/kernels/linear.h"

// What happens to rows of the residual stream outside attention.
namespace pipedit::executor::kernels {

// out [rows, D] = LN(x) * (1 + scale) + shift, the norm without affine; shift and scale [D]. Computed in fp32 where
// x is of less, and rounded once.
void modulate(const at::Tensor& x, const at::Tensor& shift, const at::Tensor& scale, double eps, const at::Tensor& out);

// hidden [rows, D] += gate [D] * x [rows, D].
void gated_add(const at::Tensor& hidden, const at::Tensor& gate, const at::Tensor& x);

// out = x, both [slots, rows, elements], of any strides but between elements.
void copy_slots(const at::Tensor& x, const at::Tensor& out);

// out [rows, M] = GELU(x [rows, D] W^T + b), the tanh form.
void mlp_up(const at::Tensor& x, const Linear&, const at::Tensor& out);

// Hidden rows [rows, D] of tokens [rows, F], which stay fp32 whatever the model's dtype (latents do).
void embed_video(const at::Tensor& tokens, const Linear& embed, const at::Tensor& out);

// Velocity of tokens, fp32 [rows, F], from hidden rows [rows, D] and final.shift, final.scale of the step [D], by the
// device's own modulate.
void final_layer(const at::Tensor& hidden, const at::Tensor& shift, const at::Tensor& scale, double eps,
                 const Linear& final_out, const at::Tensor& velocity, decltype(&modulate) by = modulate);

// Euler: latents += (sigma_next - sigma) * velocity, in the dtype of the latents.
void scheduler_step(const at::Tensor& latents, const at::Tensor& velocity, float sigma, float sigma_next);

}  // namespace pipedit::executor::kernels
