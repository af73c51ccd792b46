#include "executor/kernels/attention.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include <ATen/ops/_softmax.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/mul.h>

namespace pipedit::executor::kernels {

namespace {

constexpr std::uintptr_t kAlignment = 64;

// A matrix product may sum in another order at another alignment or stride: its operands always look the same. Scores
// of half precision would cost more than the conversion saves, so they are of fp32 at least.
at::Tensor normal_form(const at::Tensor& x) {
  if (x.scalar_type() == at::kBFloat16 || x.scalar_type() == at::kHalf) return x.to(at::kFloat).contiguous();
  const bool aligned = reinterpret_cast<std::uintptr_t>(x.const_data_ptr()) % kAlignment == 0;
  return aligned && x.is_contiguous() ? x : x.clone(at::MemoryFormat::Contiguous);
}

void attend(const at::Tensor& q, const at::Tensor& k_transposed, const at::Tensor& v, const at::Tensor& out) {
  const double scale = 1 / std::sqrt(static_cast<double>(q.size(1)));
  const at::Tensor scores = at::mm(at::mul(normal_form(q), scale), k_transposed);
  out.copy_(at::mm(at::_softmax(scores, 1, false), v));
}

void attend(const AttentionItem& item) {
  const at::Tensor k = normal_form(item.k).t();
  const at::Tensor v = normal_form(item.v);
  const std::int64_t end = item.first_row + item.q.size(0);
  for (std::int64_t row = item.first_row; row < end;) {
    const std::int64_t next = std::min(end, (row / kAttentionRowTile + 1) * kAttentionRowTile);
    const std::int64_t offset = row - item.first_row;
    attend(item.q.narrow(0, offset, next - row), k, v, item.out.narrow(0, offset, next - row));
    row = next;
  }
}

}  // namespace

void attention(std::span<const AttentionItem> items) {
  for (const AttentionItem& item : items) attend(item);
}

void attention_by_heads(std::span<const AttentionHeads> groups) {
  std::vector<AttentionItem> items;
  for (const AttentionHeads& group : groups)
    for (std::int64_t head = 0; head < group.q.size(0); ++head)
      items.push_back({group.q[head], group.first_row, group.k[head], group.v[head], group.out[head]});
  attention(items);
}

}  // namespace pipedit::executor::kernels
