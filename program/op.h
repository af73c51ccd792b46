#pragma once

#include <string_view>
#include <variant>
#include <vector>

#include "core/ids.h"
#include "core/units.h"

// The operations that programs are made of. One line here, one file in executor/ops/, one cost in program/op_cost.cpp.
// "reads" and "writes" say which regions a task of that kind lists, in order; D = hidden width, M = MLP width, S = rows of the joint
// sequence [video; text], all counts of elements. Row ranges in shapes are global rows of the joint sequence; a region's rows are
// those of its buffer.
namespace pipedit::program {

enum class OpKind {
  // Once a request.
  draw_noise,        // RowsShape; writes latents [rows, C*ph*pw] f32: values depend on (seed, request, global element) alone
  refine_constants,  // RowsShape (text rows, D); writes refiner_text [Lv, D], refiner_mean [1, D]
  condition,         // StepsShape; writes vec [steps, D] f32
  modulation,        // StepsShape; reads vec; writes the block's table [steps, width]: SiLU(vec) x weight + bias of the stream
  // A step.
  embed_video,       // GemmShape; reads latents; writes hidden
  refine,            // RowsShape (kept text rows); reads refiner_text, refiner_mean; writes hidden
  modulate,          // ModulateShape; reads hidden, table; writes normed = LN(hidden) * (1 + scale) + shift
  project_v,         // GemmShape; reads normed; writes projected
  project_k,
  project_q,
  pack_v,            // PackShape; reads projected; writes one region per run of heads, in the shape's head order
  pack_k,            // also RMS norm over the head and RoPE on video rows
  pack_q,
  attention,         // AttentionShape; per item reads q, k, v and writes o
  out_project,       // GemmShape; reads attn (, projected: accumulated onto); writes projected
  gate,              // ModulateShape; reads projected, table, hidden; writes hidden += gate * projected
  mlp_up,            // GemmShape; reads normed; writes wide = GELU_tanh(...)
  mlp_down,          // GemmShape; reads wide; writes projected
  final_layer,       // GemmShape; reads hidden, table; writes velocity [rows, C*ph*pw] f32
  scheduler_step,    // RowsShape; reads velocity, latents; writes latents += (sigma_next - sigma) * velocity
  exchange,          // ExchangeShape: this rank's share of an exchange; regions are the parts'
  // Decoding.
  decode_tile,       // TileShape; reads latent [N, C*ph*pw]; writes tile [3*frames, h, w]
  blend,             // LayerShape; reads the layer's tiles (rows then columns), the previous layer's tail if any; writes frames (u8), tail
  write_frames,      // LayerShape; reads frames
  save_latent,       // RowsShape; reads latent
  // Memory.
  load_weights,      // LoadShape; writes the weights' buffer
};
inline constexpr int kOpKinds = static_cast<int>(OpKind::load_weights) + 1;

std::string_view name_of(OpKind);

enum class Stream { joint, video, text };
std::string_view name_of(Stream);

struct RowsShape { Range rows; std::int64_t width = 0; friend bool operator==(const RowsShape&, const RowsShape&) = default; };
struct StepsShape { std::int64_t steps = 0, in = 0, out = 0; friend bool operator==(const StepsShape&, const StepsShape&) = default; };
struct GemmShape { std::int64_t rows = 0, in = 0, out = 0; friend bool operator==(const GemmShape&, const GemmShape&) = default; };

// Which D-wide vectors of the modulation table an operation takes: shift and scale, or the gate; -1: none.
struct ModulateShape {
  std::int64_t rows = 0, width = 0;
  int shift = -1, scale = -1, gate = -1;
  friend bool operator==(const ModulateShape&, const ModulateShape&) = default;
};

// Heads of the projected rows in the order in which the written regions hold them; a region of n slots takes n heads.
struct PackShape {
  Range rows;
  std::int64_t head_dim = 0;
  std::vector<int> heads;
  friend bool operator==(const PackShape&, const PackShape&) = default;
};

// Whole heads over all rows or over a row group, and pieces (some rows of one head).
struct AttentionItem {
  Range heads;
  Range rows;   // query rows, borders at multiples of the kernel's row tile (or the sequence's end)
  friend bool operator==(const AttentionItem&, const AttentionItem&) = default;
};
struct AttentionShape {
  std::int64_t key_rows = 0, head_dim = 0;
  std::vector<AttentionItem> items;
  friend bool operator==(const AttentionShape&, const AttentionShape&) = default;
};

enum class Payload { v, k, q, o, latent, tile };
std::string_view name_of(Payload);
struct ExchangeShape {
  ExchangeId exchange{};
  Payload payload{};
  friend bool operator==(const ExchangeShape&, const ExchangeShape&) = default;
};

// A tile of the VAE: ranges of the latent grid.
struct TileShape {
  Range frames, rows, columns;
  std::int64_t channels = 0;
  friend bool operator==(const TileShape&, const TileShape&) = default;
};

// One layer of tiles in time: which pixel frames of the video come of it, and how large they are.
struct LayerShape {
  int layer = 0;
  Range frames;                 // of the video
  std::int64_t height = 0, width = 0;
  int tile_rows = 0, tile_columns = 0;
  friend bool operator==(const LayerShape&, const LayerShape&) = default;
};

struct LoadShape { Bytes size; friend bool operator==(const LoadShape&, const LoadShape&) = default; };

using Shape = std::variant<RowsShape, StepsShape, GemmShape, ModulateShape, PackShape, AttentionShape, ExchangeShape, TileShape,
                           LayerShape, LoadShape>;

}  // namespace pipedit::program
