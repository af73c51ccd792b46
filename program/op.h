#pragma once

#include <string_view>
#include <variant>
#include <vector>

#include "core/ids.h"
#include "core/units.h"
#include "models/op_kind.h"

// Shapes of the operations (models/op_kind.h lists them). Row ranges in shapes are global rows of the joint sequence
// [video; text]; a region's rows are those of its buffer.
namespace pipedit::program {

using models::kOpKinds;
using models::name_of;
using models::OpKind;
using models::Stream;

struct RowsShape {
  Range rows;
  std::int64_t width = 0;
  Flops work;  // where it depends on the model's inside (refine, refine_constants)
  friend bool operator==(const RowsShape&, const RowsShape&) = default;
};
struct StepsShape {
  std::int64_t steps = 0, in = 0, out = 0;
  friend bool operator==(const StepsShape&, const StepsShape&) = default;
};
struct GemmShape {
  std::int64_t rows = 0, in = 0, out = 0;
  friend bool operator==(const GemmShape&, const GemmShape&) = default;
};

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
  Range rows;  // query rows, borders at multiples of the kernel's row tile (or the sequence's end)
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

// A tile of the VAE: ranges of the latent grid, and what decoding it costs by the model's own count.
struct TileShape {
  Range frames, rows, columns;
  std::int64_t channels = 0;
  Flops work;
  Bytes moved, workspace;
  friend bool operator==(const TileShape&, const TileShape&) = default;
};

// One layer of tiles in time: which pixel frames of the video come of it, and how large they are.
struct LayerShape {
  int layer = 0;
  Range frames;  // of the video
  std::int64_t height = 0, width = 0;
  int tile_rows = 0, tile_columns = 0;
  bool last = false;  // of the video
  friend bool operator==(const LayerShape&, const LayerShape&) = default;
};

// What is copied: of a set of weights what it holds, without the gaps.
struct BytesShape {
  Bytes size;
  friend bool operator==(const BytesShape&, const BytesShape&) = default;
};

using Shape = std::variant<RowsShape, StepsShape, GemmShape, ModulateShape, PackShape, AttentionShape, ExchangeShape,
                           TileShape, LayerShape, BytesShape>;

}  // namespace pipedit::program
