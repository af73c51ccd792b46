#pragma once

#include <span>

#include <ATen/core/Tensor.h>

namespace pipedit::executor::kernels {

// Query rows are computed in tiles whose borders are multiples of this, counted in the whole sequence. Row ranges that
// a plan cuts must begin at such a border (or their own rows would be tiled another way).
inline constexpr std::int64_t kAttentionRowTile = 32;

// Some query rows of one head against all of its keys.
struct AttentionItem {
  at::Tensor q;                // [rows, dim]
  std::int64_t first_row = 0;  // of q in the whole sequence
  at::Tensor k, v;             // [keys, dim]
  at::Tensor out;              // [rows, dim]
};

// out = softmax(q k^T / sqrt(dim)) v, on the calling thread. All are views whose rows are contiguous; row strides and
// addresses are free. The bits of an output row depend on q's tile, k and v alone: not on the other items, the
// grouping of heads and rows into calls, strides or addresses.
void attention(std::span<const AttentionItem>);

// Some query rows of several heads, which are numbered alike in all four: [heads, rows, dim], rows contiguous.
struct AttentionHeads {
  at::Tensor q;
  std::int64_t first_row = 0;  // of q in the whole sequence
  at::Tensor k, v;
  at::Tensor out;
};

// The same, head by head.
void attention_by_heads(std::span<const AttentionHeads>);

}  // namespace pipedit::executor::kernels
