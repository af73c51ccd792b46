#pragma once

#include <array>

#include <ATen/core/Tensor.h>

#include "core/units.h"

namespace pipedit::executor::kernels {

// Cosine and sine of each pair's angle, fp32 [rows, head_dim / 2]. Two neighbouring dimensions of a head make a pair.
struct RopeTables {
  at::Tensor cos, sin;
};

// For a range of rows of the joint sequence [video; text]: the video's tokens are numbered row-major in the grid
// {T, rows, columns} of tokens, and whatever lies behind them is text, which does not turn. Dimensions dims[0] of a
// head turn with time, then dims[1] with the row, dims[2] with the column; pair p of m dimensions turns by
// position * theta^(-2p/m).
RopeTables rope_tables(std::array<std::int64_t, 3> grid, std::array<std::int64_t, 3> dims, double theta, Range rows);

}  // namespace pipedit::executor::kernels
