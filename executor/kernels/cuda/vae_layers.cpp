#include "executor/kernels/cuda/vae_layers.h"

#include <utility>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/conv3d.h>
#include <ATen/ops/cudnn_convolution.h>
#include <ATen/ops/mv.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>

#include "executor/kernels/cuda/vae_kernels.h"
#include "executor/kernels/vae_blocks.h"
#include "executor/kernels/vae_phases.h"
#include "executor/kernels/vae_walk.h"

namespace pipedit::executor::kernels::cuda {

namespace {

constexpr std::int64_t kColours = 3;
constexpr std::int64_t kOutChannels = 8;       // of a convolution: an access; fewer of them have no tensor core kernels
constexpr std::int64_t kFront = 2, kSide = 1;  // what a 3 x 3 x 3 convolution looks at beside a position

at::Tensor rows_of(const at::Tensor& x) { return x.view({-1, x.size(3)}); }

at::Tensor both(const at::Tensor& a, const at::Tensor& b) { return !a.defined() ? b : b.defined() ? a + b : a; }

// Without bias, of what is padded already. In bf16 with LibTorch's plan for cuDNN taken by heuristics: a
// search would take longer than it gains, and might end differently in another process. fp32 is for comparison, and
// goes by the layout that LibTorch knows best.
at::Tensor convolve(const at::Tensor& padded, const at::Tensor& weight) {
  const at::Tensor x = padded.unsqueeze(0).permute({0, 4, 1, 2, 3});
  const at::Tensor y = padded.scalar_type() == at::kFloat
                           ? at::conv3d(x.contiguous(), weight)
                           : at::cudnn_convolution(x, weight.contiguous(at::MemoryFormat::ChannelsLast3d), {0, 0, 0},
                                                   {1, 1, 1}, {1, 1, 1}, 1, /*benchmark=*/false,
                                                   /*deterministic=*/true, /*allow_tf32=*/false);
  return y.permute({0, 2, 3, 4, 1}).squeeze(0).contiguous();
}

at::Tensor with_more_outputs(const at::Tensor& weight) {
  std::vector<std::int64_t> sizes = weight.sizes().vec();
  sizes[0] = kOutChannels - kColours;
  return at::cat({weight, at::zeros(sizes, weight.options())});
}

// The shortcut of a resnet that widens: a product with every position's channels.
void add_shortcut(Activation& sum, const Activation& x, const Linear& shortcut) {
  const at::Tensor weight = shortcut.weight.view({shortcut.weight.size(0), shortcut.weight.size(1)});
  rows_of(sum.x).addmm_(rows_of(x.x), weight.t());
  sum.bias = both(sum.bias, shortcut.bias.to(at::kFloat));
  if (x.bias.defined()) sum.bias = sum.bias + at::mv(weight.to(at::kFloat), x.bias);
}

// sum.x + x.x with all biases added, written in the place of sum.x.
Activation added(const Activation& sum, const Activation& x) {
  return {sum.x, {}, add_and_sum(sum.x, x.x, both(sum.bias, x.bias))};
}

}  // namespace

bool VaeLayers::take(const WeightStore& weights, const models::VaeConfig& config) {
  const at::Tensor& weight = weights.at("vae.post_quant_conv.weight");
  if (!weight.is_cuda() || (weight.scalar_type() != at::kFloat && weight.scalar_type() != at::kBFloat16)) return false;
  const auto takes = [&](std::int64_t channels) {
    const std::int64_t bytes = channels * static_cast<std::int64_t>(weight.itemsize());
    return bytes % 16 == 0 && bytes / 16 <= kMostAccesses;
  };
  for (const std::int64_t channels : config.block_out_channels)
    if (!takes(channels) || channels % config.norm_num_groups != 0) return false;
  return takes(config.latent_channels);
}

// The norm named NAME of x, with SiLU and padding where a convolution reads it. What x held for that alone is dropped.
at::Tensor VaeLayers::normed(const std::string& name, Activation& x, bool for_convolution) const {
  if (!x.sums.defined()) x.sums = channel_sums(x.x);
  const at::Tensor factors = norm_factors(x.x, std::exchange(x.sums, {}), x.bias, weights_.linear(name),
                                          config_.norm_num_groups, config_.norm_eps);
  if (!for_convolution) return spread(x.x, {.factors = factors});
  return spread(x.x, {.factors = factors, .silu = true, .front = kFront, .side = kSide});
}

Activation VaeLayers::convolved(const std::string& name, const at::Tensor& padded) const {
  const Linear conv = weights_.linear(name + ".conv");
  return {convolve(padded, conv.weight), conv.bias.to(at::kFloat), {}};
}

Activation VaeLayers::enter(const at::Tensor& latents) const {
  const Linear conv = weights_.linear("vae.post_quant_conv");
  const std::int64_t channels = conv.weight.size(0);
  const at::Tensor x = (latents / config_.scaling_factor).to(conv.weight.scalar_type()).permute({1, 2, 3, 0});
  const at::Tensor rows = linear(x.contiguous().view({-1, channels}), {conv.weight.view({channels, -1}), conv.bias});
  return convolved(kDecoder + "conv_in", spread(rows.view(x.sizes()), {.front = kFront, .side = kSide}));
}

Activation VaeLayers::resnet(const std::string& name, Activation x) const {
  Activation sum = convolved(name + ".conv1", normed(name + ".norm1", x, true));
  at::Tensor padded = normed(name + ".norm2", sum, true);
  sum = {};  // its memory serves the next convolution
  sum = convolved(name + ".conv2", padded);
  padded.reset();
  const std::string shortcut = name + ".conv_shortcut.conv";
  if (!weights_.has(shortcut + ".weight")) return added(sum, x);
  add_shortcut(sum, x, weights_.linear(shortcut));
  return sum;
}

Activation VaeLayers::attention(const std::string& name, Activation x) const {
  const at::Tensor rows = rows_of(normed(name + ".group_norm", x, false));
  const at::Tensor mixed =
      frame_causal_mix(linear(rows, weights_.linear(name + ".to_q")), linear(rows, weights_.linear(name + ".to_k")),
                       linear(rows, weights_.linear(name + ".to_v")), x.x.size(0));
  return added({linear(mixed, weights_.linear(name + ".to_out.0")).view(x.x.sizes()), {}, {}}, x);
}

Activation VaeLayers::upsample(const std::string& name, bool time, Activation x) const {
  SpreadOptions options{.front = time ? kFront - 1 : kFront, .side = kSide};
  if (x.bias.defined()) options.factors = at::stack({at::ones_like(x.bias), x.bias}, 1);
  const Linear conv = weights_.linear(name + ".conv");
  const at::Tensor padded = spread(x.x, options);
  x = {};
  const Gathered sum = gather_and_sum(convolve(padded, phase_weights(conv.weight, time).flatten(0, 1)), time);
  return {sum.x, conv.bias.to(at::kFloat), sum.sums};
}

at::Tensor VaeLayers::leave(Activation x) const {
  const Linear conv = weights_.linear(kDecoder + "conv_out.conv");
  const at::Tensor padded = normed(kDecoder + "conv_norm_out", x, true);
  x = {};
  const at::Tensor frames = convolve(padded, with_more_outputs(conv.weight)).narrow(3, 0, kColours) + conv.bias;
  return frames.permute({3, 0, 1, 2});
}

}  // namespace pipedit::executor::kernels::cuda
