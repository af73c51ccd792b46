#include <fmt/format.h>

#include "models/hunyuanvideo/weights.h"

namespace pipedit::models::hunyuanvideo {

namespace {

using Specs = std::vector<WeightSpec>;

void add(Specs& specs, const std::string& key, Shape shape, Init init) {
  const std::int64_t rows = shape[0];
  const Source source{key, shape, {0, rows}, {0, elements(shape) / rows}};
  specs.push_back({"vae." + key, std::move(shape), {source}, {source}, init});
}

void layer(Specs& specs, const std::string& key, Shape weight) {
  const std::int64_t out = weight[0];
  add(specs, key + ".weight", std::move(weight), Init::gemm);
  add(specs, key + ".bias", {out}, Init::bias);
}

void norm(Specs& specs, const std::string& key, std::int64_t channels) {
  add(specs, key + ".weight", {channels}, Init::gain);
  add(specs, key + ".bias", {channels}, Init::bias);
}

void conv(Specs& specs, const std::string& key, std::int64_t in, std::int64_t out, std::int64_t kernel) {
  layer(specs, key + ".conv", {out, in, kernel, kernel, kernel});
}

void resnet(Specs& specs, const std::string& key, std::int64_t in, std::int64_t out) {
  norm(specs, key + ".norm1", in);
  conv(specs, key + ".conv1", in, out, 3);
  norm(specs, key + ".norm2", out);
  conv(specs, key + ".conv2", out, out, 3);
  if (in != out) conv(specs, key + ".conv_shortcut", in, out, 1);
}

void middle(Specs& specs, std::int64_t channels) {
  const std::string key = "decoder.mid_block.";
  resnet(specs, key + "resnets.0", channels, channels);
  const std::string attention = key + "attentions.0.";
  norm(specs, attention + "group_norm", channels);
  for (const char* name : {"to_q", "to_k", "to_v", "to_out.0"}) layer(specs, attention + name, {channels, channels});
  resnet(specs, key + "resnets.1", channels, channels);
}

}  // namespace

std::vector<WeightSpec> vae_weights(const VaeConfig& vae) {
  Specs specs;
  const auto& channels = vae.block_out_channels;
  layer(specs, "post_quant_conv", {vae.latent_channels, vae.latent_channels, 1, 1, 1});
  conv(specs, "decoder.conv_in", vae.latent_channels, channels.back(), 3);
  middle(specs, channels.back());
  std::int64_t in = channels.back();
  for (std::size_t block = 0; block < channels.size(); ++block) {
    const std::int64_t out = channels[channels.size() - 1 - block];
    const std::string key = fmt::format("decoder.up_blocks.{}.", block);
    for (std::int64_t i = 0; i <= vae.layers_per_block; ++i) {
      resnet(specs, fmt::format("{}resnets.{}", key, i), in, out);
      in = out;
    }
    const bool last = block + 1 == channels.size();
    if (!last) conv(specs, key + "upsamplers.0.conv", out, out, 3);
  }
  norm(specs, "decoder.conv_norm_out", channels.front());
  conv(specs, "decoder.conv_out", channels.front(), 3, 3);
  return specs;
}

}  // namespace pipedit::models::hunyuanvideo
