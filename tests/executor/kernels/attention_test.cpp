#include "executor/kernels/attention.h"

#include <gtest/gtest.h>

#include <ATen/TensorOperators.h>
#include <ATen/ops/_softmax.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/matmul.h>

#include "executor/weights/random.h"
#include "tests/executor/fixture.h"

namespace pipedit::executor::kernels {
namespace {

constexpr std::int64_t kHeads = 5, kRows = 150, kDim = 24;

at::Tensor normal(at::IntArrayRef shape, const char* name, at::ScalarType dtype = at::kFloat) {
  at::Tensor x = at::empty(shape, dtype);
  fill_normal(x, 1, name, 0, 1);
  return x;
}

// Q, K and V of all heads, head-major, and the output with every head in one call.
struct Attention {
  explicit Attention(at::ScalarType dtype = at::kFloat)
      : q(normal({kHeads, kRows, kDim}, "q", dtype)),
        k(normal({kHeads, kRows, kDim}, "k", dtype)),
        v(normal({kHeads, kRows, kDim}, "v", dtype)),
        out(at::empty({kRows, kHeads * kDim}, dtype)) {
    std::vector<AttentionItem> items;
    for (std::int64_t h = 0; h < kHeads; ++h) items.push_back({q[h], 0, k[h], v[h], head(h)});
    attention(items);
  }
  at::Tensor head(std::int64_t h) const { return out.narrow(1, h * kDim, kDim); }

  at::Tensor q, k, v, out;
};

TEST(Attention, IsTheSoftmaxOfScaledProducts) {
  const Attention all(at::kDouble);
  const at::Tensor scores = at::matmul(all.q, all.k.transpose(1, 2)) / std::sqrt(static_cast<double>(kDim));
  const at::Tensor expected = at::matmul(at::_softmax(scores, 2, false), all.v);
  for (std::int64_t h = 0; h < kHeads; ++h) EXPECT_LE(test::max_difference(all.head(h), expected[h]), 1e-12);
}

TEST(Attention, BitsDoNotDependOnHowHeadsAndRowsAreGrouped) {
  const Attention all;
  for (std::int64_t h = 0; h < kHeads; ++h)
    for (std::int64_t first = 0; first < kRows; first += 2 * kAttentionRowTile) {
      const std::int64_t rows = std::min(2 * kAttentionRowTile, kRows - first);
      at::Tensor part = at::empty({rows, kDim});
      attention(std::vector{AttentionItem{all.q[h].narrow(0, first, rows), first, all.k[h], all.v[h], part}});
      EXPECT_TRUE(at::equal(part, all.head(h).narrow(0, first, rows))) << "head " << h << " row " << first;
    }
}

TEST(Attention, BitsDoNotDependOnWhereAHeadLies) {
  const Attention all;
  const auto moved = [](const at::Tensor& x, std::int64_t elements) {  // the same values at another address and stride
    const at::Tensor memory = at::empty({elements + kRows * (kDim + 3)}).zero_();
    at::Tensor view = memory.narrow(0, elements, kRows * (kDim + 3)).view({kRows, kDim + 3}).narrow(1, 0, kDim);
    return view.copy_(x);
  };
  for (const std::int64_t elements : {1, 4, 7}) {
    at::Tensor out = moved(all.head(2), elements).zero_();
    attention(std::vector{
        AttentionItem{moved(all.q[2], elements), 0, moved(all.k[2], elements), moved(all.v[2], elements), out}});
    EXPECT_TRUE(at::equal(out, all.head(2))) << elements;
  }
}

TEST(Attention, HalfPrecisionScoresAreNotRounded) {
  const Attention half(at::kBFloat16);
  const at::Tensor scores =
      at::matmul(half.q.to(at::kDouble), half.k.to(at::kDouble).transpose(1, 2)) / std::sqrt(static_cast<double>(kDim));
  const at::Tensor expected = at::matmul(at::_softmax(scores, 2, false), half.v.to(at::kDouble));
  // one rounding of values below one, at the end: 2^-9
  for (std::int64_t h = 0; h < kHeads; ++h)
    EXPECT_LE(test::relative_difference(half.head(h), expected[h]), 0x1p-9 + 1e-5);
}

}  // namespace
}  // namespace pipedit::executor::kernels
