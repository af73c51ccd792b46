#include <fmt/format.h>

#include "models/hunyuanvideo/weights.h"

namespace pipedit::models::hunyuanvideo {

namespace {

// Where a linear layer lies in a stored one: from which row and column on, of how many. Zero: all of them.
struct Place {
  std::string key;
  std::int64_t first_row = 0;
  std::int64_t rows = 0;
  std::int64_t first_column = 0;
  std::int64_t columns = 0;
};

// Collects the specifications; official keys come first in every call, diffusers keys second.
class List {
 public:
  explicit List(const DitConfig& config) : dit(config) {}

  void weight(const std::string& name, std::int64_t out, std::int64_t in, const std::vector<Place>& official,
              const std::vector<Place>& diffusers, Init init = Init::gemm) {
    specs.push_back({name + ".weight", {out, in}, boxes(official, out, in), boxes(diffusers, out, in), init});
  }
  void bias(const std::string& name, std::int64_t out, const std::vector<Place>& official,
            const std::vector<Place>& diffusers) {
    specs.push_back({name + ".bias", {out}, runs(official, out), runs(diffusers, out), Init::bias});
  }
  void linear(const std::string& name, std::int64_t out, std::int64_t in, const std::vector<Place>& official,
              const std::vector<Place>& diffusers, Init init = Init::gemm) {
    weight(name, out, in, official, diffusers, init);
    bias(name, out, official, diffusers);
  }
  void gain(const std::string& name, std::int64_t size, const std::string& official, const std::string& diffusers) {
    const auto whole = [&](const std::string& key) {
      return std::vector<Source>{{key + ".weight", {size}, {0, size}, {0, 1}}};
    };
    specs.push_back({name + ".weight", {size}, whole(official), whole(diffusers), Init::gain});
  }

  const DitConfig& dit;
  std::vector<WeightSpec> specs;

 private:
  // Several places share the rows of the weight evenly.
  static std::vector<Source> boxes(const std::vector<Place>& places, std::int64_t out, std::int64_t in) {
    const std::int64_t rows = out / static_cast<std::int64_t>(places.size());
    std::vector<Source> sources;
    for (const Place& place : places)
      sources.push_back({place.key + ".weight",
                         {place.rows > 0 ? place.rows : rows, place.columns > 0 ? place.columns : in},
                         {place.first_row, place.first_row + rows},
                         {place.first_column, place.first_column + in}});
    return sources;
  }
  static std::vector<Source> runs(const std::vector<Place>& places, std::int64_t out) {
    const std::int64_t rows = out / static_cast<std::int64_t>(places.size());
    std::vector<Source> sources;
    for (const Place& place : places)
      sources.push_back({place.key + ".bias",
                         {place.rows > 0 ? place.rows : rows},
                         {place.first_row, place.first_row + rows},
                         {0, 1}});
    return sources;
  }
};

// The patch embedding is stored as a convolution whose kernel is its stride: a linear layer over (c, pt, ph, pw).
void embedding(List& list) {
  const DitConfig& dit = list.dit;
  const std::int64_t features = dit.patch_features();
  list.linear("embed", dit.hidden_size, features, {{"img_in.proj"}}, {{"x_embedder.proj"}});
  const Shape stored{dit.hidden_size, dit.in_channels, dit.patch_size[0], dit.patch_size[1], dit.patch_size[2]};
  WeightSpec& weight = list.specs[list.specs.size() - 2];
  weight.official[0].shape = stored;
  weight.diffusers[0].shape = stored;
}

void two_layers(List& list, const std::string& name, std::int64_t in, const std::string& official_first,
                const std::string& official_second, const std::string& diffusers) {
  const std::int64_t hidden = list.dit.hidden_size;
  list.linear(name + ".0", hidden, in, {{official_first}}, {{diffusers + ".linear_1"}});
  list.linear(name + ".2", hidden, hidden, {{official_second}}, {{diffusers + ".linear_2"}});
}

void conditioning(List& list) {
  const DitConfig& dit = list.dit;
  const std::string embedder = "time_text_embed.";
  two_layers(list, "time", dit.time_sinusoid, "time_in.mlp.0", "time_in.mlp.2", embedder + "timestep_embedder");
  two_layers(list, "guidance", dit.time_sinusoid, "guidance_in.mlp.0", "guidance_in.mlp.2",
             embedder + "guidance_embedder");
  two_layers(list, "pooled", dit.pooled_dim, "vector_in.in_layer", "vector_in.out_layer", embedder + "text_embedder");
}

void refiner_block(List& list, std::int64_t i) {
  const std::int64_t hidden = list.dit.hidden_size;
  const std::int64_t width = list.dit.mlp_width;
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

void refiner(List& list) {
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

// Words that the two namings use for one stream of a double block.
struct Stream {
  const char* canonical;
  const char* official;
  const char* modulation;
  const char* v;
  const char* k;
  const char* q;
  const char* k_norm;
  const char* q_norm;
  const char* out;
  const char* mlp;
};
constexpr Stream kStreams[] = {
    {"video", "img", "norm1", "to_v", "to_k", "to_q", "norm_k", "norm_q", "to_out.0", "ff"},
    {"text", "txt", "norm1_context", "add_v_proj", "add_k_proj", "add_q_proj", "norm_added_k", "norm_added_q",
     "to_add_out", "ff_context"},
};

void double_stream(List& list, std::int64_t i, const Stream& stream) {
  const DitConfig& dit = list.dit;
  const std::int64_t hidden = dit.hidden_size;
  const std::string name = fmt::format("double.{}.{}.", i, stream.canonical);
  const std::string official = fmt::format("double_blocks.{}.{}_", i, stream.official);
  const std::string other = fmt::format("transformer_blocks.{}.", i);
  const std::string attention = other + "attn.";
  list.linear(name + "modulation", 6 * hidden, hidden, {{official + "mod.linear"}},
              {{other + stream.modulation + ".linear"}}, Init::modulation);
  const std::string qkv = official + "attn_qkv";
  list.linear(name + "v", hidden, hidden, {{qkv, 2 * hidden, 3 * hidden}}, {{attention + stream.v}});
  list.linear(name + "k", hidden, hidden, {{qkv, hidden, 3 * hidden}}, {{attention + stream.k}});
  list.linear(name + "q", hidden, hidden, {{qkv, 0, 3 * hidden}}, {{attention + stream.q}});
  list.gain(name + "k_norm", dit.head_dim, official + "attn_k_norm", attention + stream.k_norm);
  list.gain(name + "q_norm", dit.head_dim, official + "attn_q_norm", attention + stream.q_norm);
  list.linear(name + "out", hidden, hidden, {{official + "attn_proj"}}, {{attention + stream.out}});
  const std::string mlp = other + stream.mlp;
  list.linear(name + "fc1", dit.mlp_width, hidden, {{official + "mlp.fc1"}}, {{mlp + ".net.0.proj"}});
  list.linear(name + "fc2", hidden, dit.mlp_width, {{official + "mlp.fc2"}}, {{mlp + ".net.2"}});
}

void single_block(List& list, std::int64_t i) {
  const DitConfig& dit = list.dit;
  const std::int64_t hidden = dit.hidden_size;
  const std::int64_t width = dit.mlp_width;
  const std::string name = fmt::format("single.{}.", i);
  const std::string official = fmt::format("single_blocks.{}.", i);
  const std::string other = fmt::format("single_transformer_blocks.{}.", i);
  list.linear(name + "modulation", 3 * hidden, hidden, {{official + "modulation.linear"}}, {{other + "norm.linear"}},
              Init::modulation);
  const std::string first = official + "linear1";
  const std::int64_t rows = 3 * hidden + width;
  list.linear(name + "v", hidden, hidden, {{first, 2 * hidden, rows}}, {{other + "attn.to_v"}});
  list.linear(name + "k", hidden, hidden, {{first, hidden, rows}}, {{other + "attn.to_k"}});
  list.linear(name + "q", hidden, hidden, {{first, 0, rows}}, {{other + "attn.to_q"}});
  list.linear(name + "mlp", width, hidden, {{first, 3 * hidden, rows}}, {{other + "proj_mlp"}});
  list.gain(name + "k_norm", dit.head_dim, official + "k_norm", other + "attn.norm_k");
  list.gain(name + "q_norm", dit.head_dim, official + "q_norm", other + "attn.norm_q");
  const std::int64_t columns = hidden + width;
  const Place second{official + "linear2", 0, 0, 0, columns};
  const Place second_other{other + "proj_out", 0, 0, 0, columns};
  list.weight(name + "out", hidden, hidden, {second}, {second_other});
  list.weight(name + "mlp_out", hidden, width, {{second.key, 0, 0, hidden, columns}},
              {{second_other.key, 0, 0, hidden, columns}});
  list.bias(name + "mlp_out", hidden, {second}, {second_other});
}

// The last modulation is stored as shift, scale under the official naming, as scale, shift under the other.
void final_layer(List& list) {
  const std::int64_t hidden = list.dit.hidden_size;
  const char* official = "final_layer.adaLN_modulation.1";
  const char* other = "norm_out.linear";
  list.linear("final.shift", hidden, hidden, {{official, 0, 2 * hidden}}, {{other, hidden, 2 * hidden}},
              Init::modulation);
  list.linear("final.scale", hidden, hidden, {{official, hidden, 2 * hidden}}, {{other, 0, 2 * hidden}},
              Init::modulation);
  list.linear("final.out", list.dit.output_features(), hidden, {{"final_layer.linear"}}, {{"proj_out"}});
}

}  // namespace

std::vector<WeightSpec> dit_weights(const DitConfig& dit) {
  List list(dit);
  embedding(list);
  conditioning(list);
  refiner(list);
  for (std::int64_t i = 0; i < dit.num_double_blocks; ++i)
    for (const Stream& stream : kStreams) double_stream(list, i, stream);
  for (std::int64_t i = 0; i < dit.num_single_blocks; ++i) single_block(list, i);
  final_layer(list);
  return std::move(list.specs);
}

}  // namespace pipedit::models::hunyuanvideo
