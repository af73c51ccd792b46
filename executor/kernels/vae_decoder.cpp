#include "executor/kernels/vae_decoder.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/clamp.h>
#include <ATen/ops/conv3d.h>

#include "executor/kernels/vae_blocks.h"
#include "executor/kernels/vae_walk.h"

namespace pipedit::executor::kernels {

namespace {

struct Layers {
  const VaeContext& vae;

  at::Tensor resnet(const std::string& name, const at::Tensor& x) const { return kernels::resnet(vae, name, x); }
  at::Tensor attention(const std::string& name, const at::Tensor& x) const {
    return frame_causal_attention(vae, name, x);
  }
  at::Tensor upsample(const std::string& name, bool time, const at::Tensor& x) const {
    return kernels::upsample(vae, name, time, x);
  }
};

}  // namespace

at::Tensor decode_tile(const WeightStore& weights, const models::VaeConfig& config, const at::Tensor& latents,
                       const Observer& observer) {
  const auto seen = [&](std::string_view part, const at::Tensor& x) {
    if (observer) observer(part, x);
  };
  const VaeContext vae{weights, config.norm_num_groups, config.norm_eps};
  const Linear post_quant = weights.linear("vae.post_quant_conv");
  at::Tensor x = (latents / config.scaling_factor).to(post_quant.weight.options()).unsqueeze(0);
  x = at::conv3d(x, post_quant.weight, post_quant.bias);
  seen("post_quant_conv", x);
  x = causal_conv(vae, kDecoder + "conv_in", x);
  seen("conv_in", x);
  x = walk_decoder(Layers{vae}, config, std::move(x), seen);
  x = norm_silu(vae, kDecoder + "conv_norm_out", x);
  return causal_conv(vae, kDecoder + "conv_out", x).squeeze(0);
}

at::Tensor to_pixels(const at::Tensor& frames) { return at::clamp(frames / 2 + 0.5, 0, 1); }

}  // namespace pipedit::executor::kernels
