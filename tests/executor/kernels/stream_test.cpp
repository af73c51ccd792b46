#include "executor/kernels/stream.h"

#include <gtest/gtest.h>

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/equal.h>

#include "executor/kernels/patches.h"
#include "executor/weights/random.h"
#include "tests/executor/fixture.h"

namespace pipedit::executor::kernels {
namespace {

at::Tensor normal(at::IntArrayRef shape, const char* name, at::ScalarType dtype = at::kFloat) {
  at::Tensor x = at::empty(shape, dtype);
  fill_normal(x, 1, name, 0, 1);
  return x;
}

TEST(Stream, ModulateScalesAndShiftsTheNormedRows) {
  const at::Tensor x = normal({9, 32}, "x", at::kDouble) * 3 + 2;
  const at::Tensor shift = normal({32}, "shift", at::kDouble), scale = normal({32}, "scale", at::kDouble);
  at::Tensor out = at::empty_like(x);
  modulate(x, shift, scale, 1e-6, out);
  const at::Tensor centred = x - x.mean(at::IntArrayRef{1}, true);
  const at::Tensor normed = centred * ((centred * centred).mean(at::IntArrayRef{1}, true) + 1e-6).rsqrt();
  EXPECT_LE(test::max_difference(out, normed * (scale + 1) + shift), 1e-12);
}

TEST(Stream, HalfPrecisionIsRoundedOnce) {
  const at::Tensor x = normal({9, 32}, "x", at::kBFloat16);
  const at::Tensor shift = normal({32}, "shift", at::kBFloat16), scale = normal({32}, "scale", at::kBFloat16);
  at::Tensor out = at::empty_like(x), wide = at::empty({9, 32}, at::kFloat);
  modulate(x, shift, scale, 1e-6, out);
  modulate(x.to(at::kFloat), shift.to(at::kFloat), scale.to(at::kFloat), 1e-6, wide);
  EXPECT_TRUE(at::equal(out, wide.to(at::kBFloat16)));
}

TEST(Stream, ProjectionWritesAStridedView) {
  const Linear layer{normal({6, 4}, "w"), normal({6}, "b")};
  const at::Tensor x = normal({5, 4}, "x");
  at::Tensor buffer = at::empty({5, 10}).fill_(7);
  linear(x, layer, buffer.narrow(1, 2, 6));
  EXPECT_LE(test::max_difference(buffer.narrow(1, 2, 6), linear(x, layer)), 0);
  EXPECT_TRUE(buffer.narrow(1, 0, 2).eq(7).all().item<bool>());
  EXPECT_TRUE(buffer.narrow(1, 8, 2).eq(7).all().item<bool>());
}

TEST(Stream, SharesOfOneProductAddUpToTheProduct) {
  const Linear both{normal({6, 8}, "w", at::kDouble), normal({6}, "b", at::kDouble)};
  const at::Tensor x = normal({5, 8}, "x", at::kDouble);
  at::Tensor sum = linear(x.narrow(1, 3, 5), {both.weight.narrow(1, 3, 5), both.bias});
  linear_add(x.narrow(1, 0, 3), {both.weight.narrow(1, 0, 3), {}}, sum);
  EXPECT_LE(test::max_difference(sum, linear(x, both)), 1e-12);
}

TEST(Stream, GateAndStepAddInPlace) {
  at::Tensor hidden = at::empty({2, 3}).fill_(1);
  gated_add(hidden, at::arange(3).to(at::kFloat), at::empty({2, 3}).fill_(2));
  EXPECT_TRUE(at::equal(hidden[1], at::arange(3).to(at::kFloat) * 2 + 1));
  at::Tensor latents = at::empty({2, 3}).fill_(1);
  scheduler_step(latents, at::empty({2, 3}).fill_(4), 1.0f, 0.75f);
  EXPECT_TRUE(latents.eq(0).all().item<bool>());  // 1 + (0.75 - 1) * 4
}

TEST(Patches, FeaturesAreChannelThenRowThenColumn) {
  const at::Tensor latents = at::arange(2 * 3 * 4 * 6).to(at::kFloat).view({2, 3, 4, 6});
  const at::Tensor tokens = patchify(latents, {1, 2, 2});
  ASSERT_EQ(tokens.sizes(), (at::IntArrayRef{3 * 2 * 3, 8}));
  const at::Tensor token = tokens[1 * 6 + 1 * 3 + 2];  // frame 1, row 1, column 2
  for (std::int64_t c = 0; c < 2; ++c)
    for (std::int64_t i = 0; i < 2; ++i)
      for (std::int64_t j = 0; j < 2; ++j)
        EXPECT_EQ(token[c * 4 + i * 2 + j].item<float>(), latents[c][1][2 + i][4 + j].item<float>());
  EXPECT_TRUE(at::equal(unpatchify(tokens, {3, 4, 6}, {1, 2, 2}), latents));
}

}  // namespace
}  // namespace pipedit::executor::kernels
