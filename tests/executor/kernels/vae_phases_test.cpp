#include "executor/kernels/vae_phases.h"

#include <gtest/gtest.h>

#include <ATen/ops/conv3d.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/replication_pad3d.h>

#include "executor/kernels/vae_blocks.h"
#include "executor/weights/random.h"
#include "tests/executor/fixture.h"

namespace pipedit::executor::kernels {
namespace {

at::Tensor normal(at::IntArrayRef shape, const char* name) {
  at::Tensor x = at::empty(shape, at::kDouble);
  fill_normal(x, 1, name, 0, 1);
  return x;
}

// Results [1, O, T', 2h, 2w] from the phases' own, [phases, O, T, h + 1, w + 1].
at::Tensor in_place(const at::Tensor& phases, bool time) {
  const std::int64_t frames = phases.size(2), height = phases.size(3) - 1, width = phases.size(4) - 1;
  at::Tensor out = at::empty({1, phases.size(1), time ? 2 * frames - 1 : frames, 2 * height, 2 * width}, at::kDouble);
  for (std::int64_t phase = 0; phase < phases.size(0); ++phase) {
    const std::int64_t t = phase / 4, y = phase / 2 % 2, x = phase % 2;
    const at::Tensor part = phases[phase].narrow(1, t, frames - t).narrow(2, y, height).narrow(3, x, width);
    out[0].slice(1, t, {}, time ? 2 : 1).slice(2, y, {}, 2).slice(3, x, {}, 2).copy_(part);
  }
  return out;
}

TEST(VaePhases, AreTheConvolutionOfWhatIsRepeated) {
  WeightStore weights;
  weights.insert("up.conv.weight", normal({4, 3, 3, 3, 3}, "weight"));
  for (const std::int64_t frames : {1, 2, 5})
    for (const bool time : {false, true}) {
      const at::Tensor x = normal({1, 3, frames, 4, 7}, "x");
      const at::Tensor expected = upsample({weights, 1, 1e-6}, "up", time, x);
      const at::Tensor padded = at::replication_pad3d(x, {1, 1, 1, 1, time ? 1 : 2, 0});
      const at::Tensor folded = phase_weights(weights.at("up.conv.weight"), time);
      const at::Tensor phases = at::conv3d(padded, folded.flatten(0, 1))[0].unflatten(0, {folded.size(0), 4});
      EXPECT_LE(test::max_difference(in_place(phases, time), expected), 1e-12) << frames << (time ? " in time" : "");
    }
}

TEST(VaePhases, SumsOfHalfPrecisionAreRoundedOnce) {
  const at::Tensor weight = normal({2, 2, 3, 3, 3}, "weight").to(at::kBFloat16);
  const at::Tensor exact = phase_weights(weight.to(at::kFloat), true);
  EXPECT_EQ(test::max_difference(phase_weights(weight, true), exact.to(at::kBFloat16)), 0);
}

}  // namespace
}  // namespace pipedit::executor::kernels
