#include "executor/kernels/pack.h"

#include <gtest/gtest.h>

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/equal.h>

#include "executor/weights/random.h"
#include "tests/executor/fixture.h"

namespace pipedit::executor::kernels {
namespace {

constexpr std::int64_t kRows = 11, kHeads = 3, kDim = 8;

at::Tensor normal(at::IntArrayRef shape, const char* name) {
  at::Tensor x = at::empty(shape, at::kFloat);
  fill_normal(x, 1, name, 0, 1);
  return x;
}

// Heads of a call, with destinations of their own.
std::vector<PackedHead> destinations(const std::vector<std::int64_t>& heads) {
  std::vector<PackedHead> packed;
  for (const std::int64_t head : heads) packed.push_back({head, at::empty({kRows, kDim}, at::kFloat)});
  return packed;
}

TEST(Pack, WithoutNormOrRopeCopiesAHead) {
  const at::Tensor x = normal({kRows, kHeads * kDim}, "x");
  const auto packed = destinations({2, 0});
  pack(x, kDim, {}, packed);
  EXPECT_TRUE(at::equal(packed[0].out, x.narrow(1, 2 * kDim, kDim)));
  EXPECT_TRUE(at::equal(packed[1].out, x.narrow(1, 0, kDim)));
}

TEST(Pack, NormalisesOverTheHeadThenTurnsPairs) {
  const at::Tensor x = normal({kRows, kHeads * kDim}, "x"), gain = normal({kDim}, "gain");
  const RopeTables rope{normal({kRows, kDim / 2}, "cos"), normal({kRows, kDim / 2}, "sin")};
  const auto packed = destinations({1});
  pack(x, kDim, {gain, 1e-6, &rope}, packed);
  const at::Tensor head = x.narrow(1, kDim, kDim).to(at::kDouble);
  const at::Tensor normed = head * ((head * head).mean(at::IntArrayRef{1}, true) + 1e-6).rsqrt() * gain;
  const at::Tensor a = normed.slice(1, 0, std::nullopt, 2), b = normed.slice(1, 1, std::nullopt, 2);
  at::Tensor expected = at::empty_like(normed);
  expected.slice(1, 0, std::nullopt, 2).copy_(a * rope.cos - b * rope.sin);
  expected.slice(1, 1, std::nullopt, 2).copy_(b * rope.cos + a * rope.sin);
  EXPECT_LE(test::max_difference(packed[0].out, expected), 2e-6);
}

TEST(Pack, WritesIntoStridedRowsAndNothingElse) {
  const at::Tensor x = normal({kRows, kHeads * kDim}, "x");
  const at::Tensor buffer = at::empty({kRows + 2, kDim + 1}, at::kFloat).fill_(7);
  pack(x, kDim, {}, std::vector{PackedHead{1, buffer.narrow(0, 1, kRows).narrow(1, 0, kDim)}});
  EXPECT_TRUE(at::equal(buffer.narrow(0, 1, kRows).narrow(1, 0, kDim), x.narrow(1, kDim, kDim)));
  EXPECT_TRUE(buffer[0].eq(7).all().item<bool>());
  EXPECT_TRUE(buffer[kRows + 1].eq(7).all().item<bool>());
  EXPECT_TRUE(buffer.select(1, kDim).eq(7).all().item<bool>());
}

TEST(Rope, TablesOfARowRangeArePartOfTheWhole) {
  const std::array<std::int64_t, 3> grid{2, 3, 4}, dims{2, 2, 4};
  const RopeTables whole = rope_tables(grid, dims, 256, {0, 30});  // 24 video rows, 6 of text
  const RopeTables part = rope_tables(grid, dims, 256, {9, 26});
  EXPECT_TRUE(at::equal(part.cos, whole.cos.narrow(0, 9, 17)));
  EXPECT_TRUE(at::equal(part.sin, whole.sin.narrow(0, 9, 17)));
}

TEST(Rope, AnglesAreOfTheTokensPlaceAndTextDoesNotTurn) {
  const RopeTables tables = rope_tables({2, 3, 4}, {2, 2, 4}, 256, {0, 26});
  const at::Tensor row = tables.cos[1 * 12 + 2 * 4 + 3];  // frame 1, row 2, column 3
  EXPECT_FLOAT_EQ(row[0].item<float>(), std::cos(1.0f));
  EXPECT_FLOAT_EQ(row[1].item<float>(), std::cos(2.0f));
  EXPECT_FLOAT_EQ(row[2].item<float>(), std::cos(3.0f));
  EXPECT_FLOAT_EQ(row[3].item<float>(), std::cos(3.0f / 16));  // 256^(-2/4)
  EXPECT_TRUE(tables.cos[24].eq(1).all().item<bool>());
  EXPECT_TRUE(tables.sin[25].eq(0).all().item<bool>());
}

}  // namespace
}  // namespace pipedit::executor::kernels
