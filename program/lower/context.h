#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/plan.h"
#include "core/workload.h"
#include "models/block.h"
#include "models/model.h"
#include "program/lower/builder.h"
#include "program/lower/partition.h"
#include "program/program.h"

// What the lowering of one pipeline for one request shape works with.
namespace pipedit::program::lowering {

// Sizes of a request in the model's terms.
struct Sizes {
  std::int64_t latent_frames = 0, latent_rows = 0, latent_columns = 0;
  std::int64_t video_rows = 0;  // tokens
  std::int64_t text_rows = 0;
  std::int64_t patch_features = 0;  // of a token
  int steps = 0;                    // 0: the request comes with its latents and is only decoded
};
Sizes sizes_of(const models::Model&, const RequestShape&);

struct Context {
  const models::Model& model;
  const Pipeline& pipeline;
  Transport transport;
  Sizes sizes;
  int request_shape;
  std::vector<models::Block> blocks;
  std::int64_t row_tile;  // of the attention kernel
  DType dtype;            // of weights and activations
};

// The denoising buffers of one rank. Those that a rank without rows (a lent one) or with nobody to talk to lacks are
// not set.
struct RankBuffers {
  BufferId latents{-1}, vec{-1}, refiner_text{-1}, refiner_mean{-1}, final_table{-1};
  std::map<std::pair<std::string, Stream>, BufferId> tables;  // modulation, by block and stream
  BufferId hidden{-1}, normed{-1}, projected{-1}, wide{-1}, attn{-1}, velocity{-1};
  std::map<Payload, BufferId> in,
      send;               // v, k, q: [head slot][row][dim]; in: all rows, send: own rows of heads that others have
  BufferId attended{-1};  // o: [head slot][row][dim], where outputs have to travel
};

// The shares of a step under every alternative, over one set of buffers: members of each alternative start with the
// owners of rows.
struct DenoiseLayout {
  std::vector<Split> splits;  // by alternative
  std::map<Rank, RankBuffers> buffers;
  std::map<Rank, std::vector<int>> sent;  // heads that have a slot in the rank's send buffers, by slot

  const RankBuffers& at(Rank rank) const { return buffers.at(rank); }
};
DenoiseLayout denoise_layout(const Context&, BufferTable&);

Region region(BufferId buffer, Range rows, Range slots = {0, 1});

}  // namespace pipedit::program::lowering
