#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/model.h"
#include "models/op_kind.h"

namespace pipedit::models {

// One operation of a transformer block, on the rows of one stream. Projections are those of all heads; the parallelism
// says which of their heads go where.
struct Operation {
  OpKind kind{};
  std::int64_t in = 0, out = 0;           // widths, for products
  int shift = -1, scale = -1, gate = -1;  // hidden_size-wide vectors of the block's modulation table
  bool beside_attention = false;          // does not depend on attention: may stand where transfers would be exposed
};

// A kind of block, repeated. Streams have their own weights and run the same operations; attention joins them.
struct Block {
  std::string name;     // "double block"
  std::string weights;  // "double": block 3 of the video stream has weights "double.3.video.*"
  std::int64_t count = 0;
  std::vector<Stream> streams;        // {video, text}, or {joint}
  std::int64_t table_vectors = 0;     // hidden_size-wide vectors that modulation yields per step
  std::vector<Operation> operations;  // in order; exactly one of kind attention
};

}  // namespace pipedit::models
