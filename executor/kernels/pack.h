#pragma once

#include <span>

#include "executor/kernels/rope.h"

namespace pipedit::executor::kernels {

// Where a head's rows go: [rows, head_dim], each row contiguous.
struct PackedHead {
  std::int64_t head = 0;
  at::Tensor out;
};

struct PackOptions {
  at::Tensor gain;                   // [head_dim]: RMS norm over the head; undefined: none (values are not normed)
  double eps = 0;                    // of the norm
  const RopeTables* rope = nullptr;  // as many rows as `projected`; null: no turning
};

// From projected rows [rows, heads * head_dim] to head-major destinations: norm, turn, write. The norm and the turn
// are computed in fp32 (fp64 in fp64); the normed value is rounded to the dtype before its gain is applied, as the
// references do. Each row and head is computed on its own: nothing depends on which others are in the call.
void pack(const at::Tensor& projected, std::int64_t head_dim, const PackOptions&, std::span<const PackedHead>);

// Throws where shapes do not go together.
void check_pack(const at::Tensor& projected, std::int64_t head_dim, const PackOptions&, std::span<const PackedHead>);

}  // namespace pipedit::executor::kernels
