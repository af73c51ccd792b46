#include <fmt/format.h>

#include "models/hunyuanvideo/input_weights.h"
#include "models/hunyuanvideo/weights.h"

namespace pipedit::models::hunyuanvideo {

namespace {

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

void double_stream(WeightList& list, std::int64_t i, const Stream& stream) {
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

void single_block(WeightList& list, std::int64_t i) {
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
void final_layer(WeightList& list) {
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
  WeightList list(dit);
  add_embedding(list);
  add_conditioning(list);
  add_refiner(list);
  for (std::int64_t i = 0; i < dit.num_double_blocks; ++i)
    for (const Stream& stream : kStreams) double_stream(list, i, stream);
  for (std::int64_t i = 0; i < dit.num_single_blocks; ++i) single_block(list, i);
  final_layer(list);
  return std::move(list.specs);
}

}  // namespace pipedit::models::hunyuanvideo
