#include "executor/kernels/refiner.h"

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/_softmax.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/silu.h>

#include "executor/kernels/attention.h"
#include "executor/kernels/conditioning.h"

namespace pipedit::executor::kernels {

namespace {

at::Tensor norm(const WeightStore& weights, const std::string& name, const at::Tensor& x, double eps) {
  const Linear affine = weights.linear(name);
  return at::layer_norm(x, {x.size(1)}, affine.weight, affine.bias, eps);
}

// All heads at once: on a GPU a few large kernels cost less than many small ones. No plan cuts these rows.
at::Tensor batched_attention(const at::Tensor& qkv, std::int64_t heads, std::int64_t dim) {
  const auto part = [&](std::int64_t i) {
    return qkv.narrow(1, i * heads * dim, heads * dim).unflatten(1, {heads, dim}).transpose(0, 1).to(at::kFloat);
  };
  const at::Tensor scores = at::bmm(part(0) * (1 / std::sqrt(static_cast<double>(dim))), part(1).transpose(1, 2));
  const at::Tensor mixed = at::bmm(at::_softmax(scores, 2, false), part(2));
  return mixed.transpose(0, 1).flatten(1).to(qkv.scalar_type());
}

at::Tensor self_attention(const at::Tensor& qkv, std::int64_t heads, std::int64_t dim) {
  if (!qkv.is_cpu()) return batched_attention(qkv, heads, dim);
  const std::int64_t width = heads * dim;
  at::Tensor out = at::empty({qkv.size(0), width}, qkv.options());
  const auto head = [&](std::int64_t part, std::int64_t h) { return qkv.narrow(1, part * width + h * dim, dim); };
  std::vector<AttentionItem> items;
  for (std::int64_t h = 0; h < heads; ++h)
    items.push_back({head(0, h), 0, head(1, h), head(2, h), out.narrow(1, h * dim, dim)});
  attention(items);
  return out;
}

}  // namespace

RefinerConstants refiner_constants(const WeightStore& weights, const at::Tensor& text) {
  const at::ScalarType wide = text.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
  const at::Tensor mean = text.to(wide).mean(at::IntArrayRef{0}, true);
  const Linear embed = weights.linear("refiner.embed");
  return {linear(text.to(embed.weight.options()), embed), two_layers(weights, "refiner.text", mean)};
}

at::Tensor refiner_vectors(const WeightStore& weights, const RefinerConstants& constants,
                           const at::Tensor& time_sinusoids) {
  return two_layers(weights, "refiner.time", time_sinusoids) + constants.pooled;
}

void refiner_block(const WeightStore& weights, const models::DitConfig& dit, std::int64_t block,
                   const at::Tensor& vector, const at::Tensor& hidden) {
  const std::string name = "refiner." + std::to_string(block) + ".";
  const at::Tensor gates = modulation_vectors(vector, weights.linear(name + "gates"));
  const auto gate = [&](std::int64_t i) { return gates.narrow(1, i * dit.hidden_size, dit.hidden_size); };
  const at::Tensor qkv = linear(norm(weights, name + "norm1", hidden, dit.ln_eps), weights.linear(name + "qkv"));
  const at::Tensor mixed = self_attention(qkv, dit.num_heads, dit.head_dim);
  hidden.addcmul_(gate(0), linear(mixed, weights.linear(name + "proj")));
  const at::Tensor up = linear(norm(weights, name + "norm2", hidden, dit.ln_eps), weights.linear(name + "fc1"));
  hidden.addcmul_(gate(1), linear(at::silu(up), weights.linear(name + "fc2")));
}

void refine(const WeightStore& weights, const models::DitConfig& dit, const RefinerConstants& constants,
            const at::Tensor& vector, const at::Tensor& out) {
  out.copy_(constants.embedded);
  for (std::int64_t i = 0; i < dit.num_refiner_blocks; ++i) refiner_block(weights, dit, i, vector, out);
}

}  // namespace pipedit::executor::kernels
