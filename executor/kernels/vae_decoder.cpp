#include "executor/kernels/vae_decoder.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/conv3d.h>

#include "executor/kernels/vae_blocks.h"

namespace pipedit::executor::kernels {

namespace {

const std::string kDecoder = "vae.decoder.";

// Passes x on, after showing it.
at::Tensor seen(const Observer& observer, std::string_view part, at::Tensor x) {
  if (observer) observer(part, x);
  return x;
}

at::Tensor middle(const VaeContext& vae, at::Tensor x, const Observer& observer) {
  const std::string name = "mid_block.";
  x = seen(observer, name + "resnets.0", resnet(vae, kDecoder + name + "resnets.0", x));
  x = seen(observer, name + "attentions.0", frame_causal_attention(vae, kDecoder + name + "attentions.0", x));
  return seen(observer, "mid_block", resnet(vae, kDecoder + name + "resnets.1", x));
}

at::Tensor up_block(const VaeContext& vae, const models::VaeConfig& config, std::int64_t block, at::Tensor x) {
  const std::string name = kDecoder + "up_blocks." + std::to_string(block) + ".";
  for (std::int64_t i = 0; i <= config.layers_per_block; ++i) x = resnet(vae, name + "resnets." + std::to_string(i), x);
  // 4 x in time and 8 x in space: the first block leaves time alone, the last leaves all alone
  if (block == 3) return x;
  return upsample(vae, name + "upsamplers.0.conv", block > 0, x);
}

}  // namespace

at::Tensor decode_tile(const WeightStore& weights, const models::VaeConfig& config, const at::Tensor& latents,
                       const Observer& observer, GroupNormSilu norm_silu) {
  const VaeContext vae{weights, config.norm_num_groups, config.norm_eps, norm_silu};
  const Linear post_quant = weights.linear("vae.post_quant_conv");
  at::Tensor x = (latents / config.scaling_factor).to(post_quant.weight.options()).unsqueeze(0);
  x = seen(observer, "post_quant_conv", at::conv3d(x, post_quant.weight, post_quant.bias));
  x = seen(observer, "conv_in", causal_conv(vae, kDecoder + "conv_in", x));
  x = middle(vae, std::move(x), observer);
  for (std::int64_t block = 0; block < 4; ++block)
    x = seen(observer, "up_blocks." + std::to_string(block), up_block(vae, config, block, std::move(x)));
  x = kernels::norm_silu(vae, kDecoder + "conv_norm_out", x);
  return causal_conv(vae, kDecoder + "conv_out", x).squeeze(0);
}

at::Tensor to_pixels(const at::Tensor& frames) { return at::clamp(frames / 2 + 0.5, 0, 1); }

}  // namespace pipedit::executor::kernels
