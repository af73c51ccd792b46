#pragma once

#include <string_view>

// The operations that models are made of and programs consist of: one line here, one file in executor/ops/, one cost in
// program/op_cost.cpp. program/op.h says which shape and which regions each takes.
//
// "reads" and "writes" say which regions a task of that kind lists, in order; D = hidden width, M = MLP width, Lv =
// valid text rows.
namespace pipedit::models {

enum class OpKind {
  // Once a request.
  draw_noise,  // RowsShape; writes latents [rows, C*ph*pw] f32: values depend on (seed, request, global element) alone
  refine_constants,  // RowsShape (text rows, D); writes refiner_text [Lv, D], refiner_mean [1, D]
  condition,         // StepsShape; writes vec [steps, D] f32
  modulation,        // StepsShape; reads vec; writes the block's table [steps, width]: SiLU(vec) x weight + bias of the
                     // stream
  // A step.
  embed_video,  // GemmShape; reads latents; writes hidden
  refine,       // RowsShape (kept text rows); reads refiner_text, refiner_mean; writes hidden
  modulate,     // ModulateShape; reads hidden, table; writes normed = LN(hidden) * (1 + scale) + shift
  project_v,    // GemmShape; reads normed; writes projected
  project_k,
  project_q,
  pack_v,  // PackShape; reads projected; writes one region per run of heads, in the shape's head order
  pack_k,  // also RMS norm over the head and RoPE on video rows
  pack_q,
  attention,       // AttentionShape; per item reads q, k, v and writes o
  keep_outputs,    // BytesShape; reads own rows of o, a region for each it writes; writes attn: what the rank computed
                   // for itself
  out_project,     // GemmShape; reads attn (, projected: accumulated onto); writes projected
  gate,            // ModulateShape; reads projected, table, hidden; writes hidden += gate * projected
  mlp_up,          // GemmShape; reads normed; writes wide = GELU_tanh(...)
  mlp_down,        // GemmShape; reads wide; writes projected
  final_layer,     // GemmShape; reads hidden, table; writes velocity [rows, C*ph*pw] f32
  scheduler_step,  // RowsShape; reads velocity, latents; writes latents += (sigma_next - sigma) * velocity
  exchange,        // ExchangeShape: this rank's share of an exchange; regions are the parts'
  // Decoding.
  decode_tile,  // TileShape; reads latent [N, C*ph*pw]; writes tile [3*frames, h, w]
  blend,  // LayerShape; reads the layer's tiles (rows then columns), the previous layer's tail if any; writes frames
          // (u8), tail
  write_frames,  // LayerShape; reads frames
  save_latent,   // RowsShape; reads latent
  // Memory.
  load_weights,  // BytesShape; writes the weights' buffer
};
inline constexpr int kOpKinds = static_cast<int>(OpKind::load_weights) + 1;

std::string_view name_of(OpKind);

enum class Stream { joint, video, text };
std::string_view name_of(Stream);

}  // namespace pipedit::models
