#include "tests/executor/reference_forward.h"

#include <vector>

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <fmt/format.h>

#include "executor/kernels/attention.h"
#include "executor/kernels/conditioning.h"
#include "executor/kernels/pack.h"
#include "executor/kernels/stream.h"

namespace pipedit::executor::test {

using kernels::linear;

// Buffers of attention: head-major [heads, rows, dim], and its output [rows, heads * dim].
struct ReferenceForward::Rows {
  at::Tensor q, k, v, out;
};

namespace {

void show(const Probe& probe, const std::string& name, const at::Tensor& x) {
  if (probe) probe(name, x);
}

}  // namespace

ReferenceForward::ReferenceForward(const WeightStore& weights, const models::DitConfig& dit, Request request)
    : weights_(weights), dit_(dit), request_(std::move(request)) {
  video_ = request_.grid[0] * request_.grid[1] * request_.grid[2];
  text_ = request_.text.size(0);
  vectors_ =
      kernels::conditioning_vectors(weights_, request_.time_sinusoids, request_.guidance_sinusoid, request_.pooled);
  constants_ = kernels::refiner_constants(weights_, request_.text);
  refiner_vectors_ = kernels::refiner_vectors(weights_, constants_, request_.time_sinusoids);
  rope_ = kernels::rope_tables(request_.grid, dit_.rope_dims_thw, dit_.rope_theta, {0, video_ + text_});
}

at::Tensor ReferenceForward::part(const std::string& modulation, std::int64_t step, std::int64_t i) const {
  const at::Tensor all = kernels::modulation_vectors(vectors_, weights_.linear(modulation));
  return all[step].narrow(0, i * dit_.hidden_size, dit_.hidden_size);
}

void ReferenceForward::project(const std::string& name, const at::Tensor& x, std::int64_t first_row, Rows& rows) const {
  const kernels::RopeTables rope{rope_.cos.narrow(0, first_row, x.size(0)), rope_.sin.narrow(0, first_row, x.size(0))};
  const auto pack = [&](const std::string& part, at::Tensor& buffer, const kernels::PackOptions& options) {
    std::vector<kernels::PackedHead> heads;
    for (std::int64_t h = 0; h < dit_.num_heads; ++h) heads.push_back({h, buffer[h].narrow(0, first_row, x.size(0))});
    kernels::pack(linear(x, weights_.linear(name + part)), dit_.head_dim, options, heads);
  };
  pack("v", rows.v, {});
  pack("k", rows.k, {weights_.at(name + "k_norm.weight"), dit_.qk_norm_eps, &rope});
  pack("q", rows.q, {weights_.at(name + "q_norm.weight"), dit_.qk_norm_eps, &rope});
}

void ReferenceForward::attend(Rows& rows) const {
  std::vector<kernels::AttentionItem> items;
  for (std::int64_t h = 0; h < dit_.num_heads; ++h)
    items.push_back({rows.q[h], 0, rows.k[h], rows.v[h], rows.out.narrow(1, h * dit_.head_dim, dit_.head_dim)});
  kernels::attention(items);
  if (left_out_) items[static_cast<std::size_t>(*left_out_)].out.zero_();
}

void ReferenceForward::mlp(const std::string& name, std::int64_t step, const at::Tensor& hidden) const {
  at::Tensor normed = at::empty_like(hidden);
  at::Tensor up = at::empty({hidden.size(0), dit_.mlp_width}, hidden.options());
  kernels::modulate(hidden, part(name + "modulation", step, 3), part(name + "modulation", step, 4), dit_.ln_eps,
                    normed);
  kernels::mlp_up(normed, weights_.linear(name + "fc1"), up);
  kernels::gated_add(hidden, part(name + "modulation", step, 5), linear(up, weights_.linear(name + "fc2")));
}

void ReferenceForward::show_products(const std::string& shown, const std::string& modulation,
                                     const std::string& weights, std::int64_t step, const at::Tensor& normed,
                                     const Probe& probe) const {
  const at::Tensor all = kernels::modulation_vectors(vectors_, weights_.linear(modulation));
  probe(shown + "_mod", all[step]);
  std::vector<at::Tensor> qkv;
  for (const char* projection : {"q", "k", "v"}) qkv.push_back(linear(normed, weights_.linear(weights + projection)));
  probe(shown + "_attn_qkv", at::cat(qkv, 1));
}

void ReferenceForward::double_block(std::int64_t block, std::int64_t step, const at::Tensor& hidden, Rows& rows,
                                    const Probe& probe) const {
  struct Stream {
    std::string weights, probe;
    std::int64_t first_row, rows;
  };
  const std::string name = fmt::format("double.{}.", block);
  const Stream streams[] = {{name + "video.", name + "img", 0, video_}, {name + "text.", name + "txt", video_, text_}};
  for (const Stream& stream : streams) {
    const at::Tensor x = hidden.narrow(0, stream.first_row, stream.rows);
    at::Tensor normed = at::empty_like(x);
    const std::string modulation = stream.weights + "modulation";
    kernels::modulate(x, part(modulation, step, 0), part(modulation, step, 1), dit_.ln_eps, normed);
    project(stream.weights, normed, stream.first_row, rows);
    if (probe) show_products(stream.probe, modulation, stream.weights, step, normed, probe);
  }
  attend(rows);
  show(probe, name + "q", rows.q.transpose(0, 1));
  show(probe, name + "k", rows.k.transpose(0, 1));
  show(probe, name + "v", rows.v.transpose(0, 1));
  for (const Stream& stream : streams) {
    const at::Tensor x = hidden.narrow(0, stream.first_row, stream.rows);
    const at::Tensor mixed = rows.out.narrow(0, stream.first_row, stream.rows);
    show(probe, stream.probe + "_attn_out", mixed);
    kernels::gated_add(x, part(stream.weights + "modulation", step, 2),
                       linear(mixed, weights_.linear(stream.weights + "out")));
    mlp(stream.weights, step, x);
    show(probe, stream.probe, x);
  }
}

void ReferenceForward::single_block(std::int64_t block, std::int64_t step, const at::Tensor& hidden, Rows& rows,
                                    const Probe& probe) const {
  const std::string name = fmt::format("single.{}.", block);
  at::Tensor normed = at::empty_like(hidden);
  at::Tensor up = at::empty({hidden.size(0), dit_.mlp_width}, hidden.options());
  kernels::modulate(hidden, part(name + "modulation", step, 0), part(name + "modulation", step, 1), dit_.ln_eps,
                    normed);
  project(name, normed, 0, rows);
  kernels::mlp_up(normed, weights_.linear(name + "mlp"), up);
  attend(rows);
  show(probe, name + "linear2_in", at::cat({rows.out, up}, 1));
  at::Tensor sum = linear(up, weights_.linear(name + "mlp_out"));
  kernels::linear_add(rows.out, weights_.linear(name + "out"), sum);
  kernels::gated_add(hidden, part(name + "modulation", step, 2), sum);
  show(probe, fmt::format("single.{}", block), hidden);
}

void ReferenceForward::show_refiner(const at::Tensor& vector, const at::Tensor& text, const Probe& probe) const {
  text.copy_(constants_.embedded);
  for (std::int64_t i = 0; i < dit_.num_refiner_blocks; ++i) {
    kernels::refiner_block(weights_, dit_, i, vector, text);
    probe(fmt::format("refiner.{}", i), text);
  }
}

at::Tensor ReferenceForward::velocity(const at::Tensor& tokens, std::int64_t step, const Probe& probe) const {
  const std::int64_t total = video_ + text_;
  at::Tensor hidden = at::empty({total, dit_.hidden_size}, vectors_.options());
  const at::Tensor text = hidden.narrow(0, video_, text_);
  kernels::embed_video(tokens, weights_.linear("embed"), hidden.narrow(0, 0, video_));
  show(probe, "vec", vectors_[step]);
  show(probe, "img_in", hidden.narrow(0, 0, video_));
  show(probe, "txt_in.c", refiner_vectors_[step]);
  const at::Tensor vector = refiner_vectors_.narrow(0, step, 1);
  if (probe) show_refiner(vector, text, probe);
  kernels::refine(weights_, dit_, constants_, vector, text);
  show(probe, "txt_in", text);
  const auto buffer = [&] { return at::empty({dit_.num_heads, total, dit_.head_dim}, hidden.options()); };
  Rows rows{buffer(), buffer(), buffer(), at::empty_like(hidden)};
  for (std::int64_t i = 0; i < dit_.num_double_blocks; ++i) double_block(i, step, hidden, rows, probe);
  for (std::int64_t i = 0; i < dit_.num_single_blocks; ++i) single_block(i, step, hidden, rows, probe);
  at::Tensor velocity = at::empty_like(tokens);
  kernels::final_layer(hidden.narrow(0, 0, video_), part("final.shift", step, 0), part("final.scale", step, 0),
                       dit_.ln_eps, weights_.linear("final.out"), velocity);
  show(probe, "final_tokens", velocity);
  return velocity;
}

}  // namespace pipedit::executor::test
