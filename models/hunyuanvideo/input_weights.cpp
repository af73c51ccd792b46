#include "models/hunyuanvideo/input_weights.h"

#include <fmt/format.h>

#include "models/hunyuanvideo/weights.h"

namespace pipedit::models::hunyuanvideo {

namespace {

void two_layers(WeightList& list, const std::string& name, std::int64_t in, const std::string& official_first,
                const std::string& official_second, const std::string& diffusers) {
  const std::int64_t hidden = list.dit.hidden_size;
  list.linear(name + ".0", hidden, in, {{official_first}}, {{diffusers + ".linear_1"}});
  list.linear(name + ".2", hidden, hidden, {{official_second}}, {{diffusers + ".linear_2"}});
}

void refiner_block(WeightList& list, std::int64_t i) {
  const std::int64_t hidden = list.dit.hidden_size;
  const std::int64_t width = refiner_mlp_width(list.dit);
  const std::string name = fmt::format("refiner.{}.", i);
  const std::string official = fmt::format("txt_in.individual_token_refiner.blocks.{}.", i);
  const std::string other = fmt::format("context_embedder.token_refiner.refiner_blocks.{}.", i);
  for (const char* norm : {"norm1", "norm2"}) {
    list.gain(name + norm, hidden, official + norm, other + norm);
    list.bias(name + norm, hidden, {{official + norm}}, {{other + norm}});
  }
  list.linear(name + "qkv", 3 * hidden, hidden, {{official + "self_attn_qkv"}},
              {{other + "attn.to_q"}, {other + "attn.to_k"}, {other + "attn.to_v"}});
  list.linear(name + "proj", hidden, hidden, {{official + "self_attn_proj"}}, {{other + "attn.to_out.0"}});
  list.linear(name + "fc1", width, hidden, {{official + "mlp.fc1"}}, {{other + "ff.net.0.proj"}});
  list.linear(name + "fc2", hidden, width, {{official + "mlp.fc2"}}, {{other + "ff.net.2"}});
  list.linear(name + "gates", 2 * hidden, hidden, {{official + "adaLN_modulation.1"}}, {{other + "norm_out.linear"}},
              Init::modulation);
}

}  // namespace

// The patch embedding is stored as a convolution whose kernel is its stride: a linear layer over (c, pt, ph, pw).
void add_embedding(WeightList& list) {
  const DitConfig& dit = list.dit;
  const std::int64_t features = dit.patch_features();
  list.linear("embed", dit.hidden_size, features, {{"img_in.proj"}}, {{"x_embedder.proj"}});
  const Shape stored{dit.hidden_size, dit.in_channels, dit.patch_size[0], dit.patch_size[1], dit.patch_size[2]};
  WeightSpec& weight = list.specs[list.specs.size() - 2];
  weight.official[0].shape = stored;
  weight.diffusers[0].shape = stored;
}

void add_conditioning(WeightList& list) {
  const DitConfig& dit = list.dit;
  const std::string embedder = "time_text_embed.";
  two_layers(list, "time", dit.time_sinusoid, "time_in.mlp.0", "time_in.mlp.2", embedder + "timestep_embedder");
  two_layers(list, "guidance", dit.time_sinusoid, "guidance_in.mlp.0", "guidance_in.mlp.2",
             embedder + "guidance_embedder");
  two_layers(list, "pooled", dit.pooled_dim, "vector_in.in_layer", "vector_in.out_layer", embedder + "text_embedder");
}

void add_refiner(WeightList& list) {
  const DitConfig& dit = list.dit;
  const std::string embedder = "context_embedder.time_text_embed.";
  list.linear("refiner.embed", dit.hidden_size, dit.text_dim, {{"txt_in.input_embedder"}},
              {{"context_embedder.proj_in"}});
  two_layers(list, "refiner.time", dit.time_sinusoid, "txt_in.t_embedder.mlp.0", "txt_in.t_embedder.mlp.2",
             embedder + "timestep_embedder");
  two_layers(list, "refiner.text", dit.text_dim, "txt_in.c_embedder.linear_1", "txt_in.c_embedder.linear_2",
             embedder + "text_embedder");
  for (std::int64_t i = 0; i < dit.num_refiner_blocks; ++i) refiner_block(list, i);
}

}  // namespace pipedit::models::hunyuanvideo
