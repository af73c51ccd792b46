#include <gtest/gtest.h>

#include <array>

#include <ATen/TensorOperators.h>
#include <ATen/ops/group_norm.h>
#include <ATen/ops/randn.h>
#include <ATen/ops/replication_pad3d.h>
#include <ATen/ops/silu.h>

#include "core/error.h"
#include "executor/kernels/cuda/vae_decoder.h"
#include "executor/kernels/cuda/vae_kernels.h"
#include "executor/weights/random.h"
#include "models/hunyuanvideo/weights.h"
#include "tests/executor/fixture.h"
#include "tests/executor/gpu/gpu_run.h"

namespace pipedit::executor::test {
namespace {

namespace cuda = kernels::cuda;

const at::Device kGpu(at::kCUDA, 0);
constexpr double kEps = 1e-6;

at::Tensor wide(const at::Tensor& x) { return x.to(at::kDouble).cpu(); }

double error_of(const at::Tensor& found, const at::Tensor& expected) {
  const double error = ((wide(found) - wide(expected)).norm() / wide(expected).norm()).item<double>();
  return std::isnan(error) ? INFINITY : error;
}

// [T, h, w, C] as LibTorch's operators want it, and back.
at::Tensor channels_first(const at::Tensor& x) { return wide(x).permute({3, 0, 1, 2}).unsqueeze(0).contiguous(); }
at::Tensor channels_last(const at::Tensor& x) { return x.squeeze(0).permute({1, 2, 3, 0}); }

struct Sizes {
  std::int64_t frames, height, width, channels, groups;
};
// One position; fewer positions than a block takes; channels that do not divide a block's threads; many blocks.
constexpr Sizes kSizes[] = {
    {1, 1, 1, 8, 2}, {3, 5, 7, 24, 3}, {2, 3, 41, 512, 32}, {5, 33, 29, 128, 32}, {4, 64, 64, 256, 32}};

class GpuVae : public testing::TestWithParam<at::ScalarType> {
 protected:
  at::Tensor drawn(at::IntArrayRef shape) const { return at::randn(shape, at::kFloat).to(GetParam()); }
  at::Tensor activation(const Sizes& s) const { return drawn({s.frames, s.height, s.width, s.channels}) * 3 + 20; }
  at::Tensor bias(const Sizes& s) const { return at::randn({s.channels}, at::kFloat); }
  double bound() const { return GetParam() == at::kFloat ? 1e-5 : 1e-2; }
};

TEST_P(GpuVae, NormOfABiasedInputIsSpreadWithItsBorder) {
  for (const Sizes& s : kSizes) {
    const at::Tensor x = activation(s), added = bias(s), gain = drawn({s.channels}), shift = drawn({s.channels});
    at::Tensor expected =
        at::group_norm(channels_first(x.to(at::kDouble) + added), s.groups, wide(gain), wide(shift), kEps, false);
    const at::Tensor on_gpu = x.to(kGpu);
    const at::Tensor factors = cuda::norm_factors(on_gpu, cuda::channel_sums(on_gpu), added.to(kGpu),
                                                  {gain.to(kGpu), shift.to(kGpu)}, s.groups, kEps);
    EXPECT_LE(error_of(cuda::spread(on_gpu, {.factors = factors}), channels_last(expected)), bound()) << s.channels;
    expected = at::replication_pad3d(at::silu(expected), {1, 1, 1, 1, 2, 0});
    const at::Tensor found = cuda::spread(on_gpu, {.factors = factors, .silu = true, .front = 2, .side = 1});
    EXPECT_EQ(found.sizes(), channels_last(expected).sizes());
    EXPECT_LE(error_of(found, channels_last(expected)), bound()) << s.channels;
  }
}

TEST_P(GpuVae, PhasesFallIntoPlace) {
  for (const Sizes& s : kSizes)
    for (const bool time : {false, true}) {
      const std::int64_t phases = time ? 8 : 4, frames = time ? 2 * s.frames - 1 : s.frames;
      const at::Tensor parts = drawn({s.frames, s.height + 1, s.width + 1, phases * s.channels}) + 20;
      const cuda::Gathered found = cuda::gather_and_sum(parts.to(kGpu), time);
      const at::Tensor x = found.x.cpu(), cells = parts.unflatten(3, {phases, s.channels});
      ASSERT_EQ(x.sizes(), (at::IntArrayRef{frames, 2 * s.height, 2 * s.width, s.channels}));
      for (std::int64_t t = 0; t < frames; ++t)
        for (std::int64_t y = 0; y < 2; ++y)
          for (std::int64_t z = 0; z < 2; ++z) {
            const at::Tensor expected = cells[time ? (t + 1) / 2 : t]
                                            .narrow(0, y, s.height)
                                            .narrow(1, z, s.width)
                                            .select(2, (time ? t % 2 * 4 : 0) + 2 * y + z);
            EXPECT_EQ(max_difference(x[t].slice(0, y, {}, 2).slice(1, z, {}, 2), expected), 0) << s.channels;
          }
      EXPECT_EQ(max_difference(found.sums, cuda::channel_sums(found.x)), 0) << s.channels;
    }
}

TEST_P(GpuVae, ResidualSumsCountWhatTheyWrite) {
  for (const Sizes& s : kSizes) {
    const at::Tensor x = activation(s), other = activation(s), added = bias(s);
    const at::Tensor on_gpu = x.to(kGpu).clone();
    const at::Tensor sums = cuda::add_and_sum(on_gpu, other.to(kGpu), added.to(kGpu));
    EXPECT_LE(error_of(on_gpu, x.to(at::kDouble) + other.to(at::kDouble) + added), bound()) << s.channels;
    EXPECT_EQ(max_difference(sums, cuda::channel_sums(on_gpu)), 0) << s.channels;
    const at::Tensor written = wide(on_gpu).view({-1, s.channels});
    EXPECT_LE(error_of(sums.sum(0).select(1, 0), written.sum(0)), 1e-6) << s.channels;
    EXPECT_LE(error_of(sums.sum(0).select(1, 1), (written * written).sum(0)), 1e-6) << s.channels;
    const at::Tensor again = x.to(kGpu).clone();
    cuda::add_and_sum(again, other.to(kGpu), {});
    EXPECT_LE(error_of(again, x.to(at::kDouble) + other.to(at::kDouble)), bound()) << s.channels;
  }
}

// A small decoder whole, in tiles of odd sizes, against LibTorch's operators in fp64. In bf16 as exact as these in
// bf16.
TEST_P(GpuVae, TilesAreDecodedAsOnACpu) {
  models::VaeConfig vae = fixture_model().vae;
  vae.block_out_channels = {16, 32, 64, 64};
  vae.norm_num_groups = 8;
  const WeightStore weights = random_weights(models::hunyuanvideo::vae_weights(vae), 7, at::TensorOptions(GetParam()));
  const WeightStore exact = weights.to(at::kDouble), on_gpu = weights.to(at::TensorOptions(kGpu));
  const kernels::DecodeTile decode = cuda::decode_tile_on_lasting_threads();
  for (const auto& [t, h, w] : {std::array{1, 2, 3}, std::array{2, 5, 4}, std::array{3, 4, 7}}) {
    const at::Tensor latents = at::randn({vae.latent_channels, t, h, w}, at::kFloat);
    const at::Tensor expected = kernels::decode_tile(exact, vae, latents.to(at::kDouble));
    const at::Tensor found = decode(on_gpu, vae, latents.to(kGpu));
    EXPECT_EQ(found.sizes(), expected.sizes());
    const double libtorch = error_of(kernels::decode_tile(weights, vae, latents), expected);
    EXPECT_LE(error_of(found, expected), GetParam() == at::kFloat ? 1e-4 : 1.5 * libtorch) << t;
    EXPECT_EQ(max_difference(decode(on_gpu, vae, latents.to(kGpu)), found), 0) << t;
  }
}

INSTANTIATE_TEST_SUITE_P(Types, GpuVae, testing::Values(at::kFloat, at::kBFloat16),
                         [](const testing::TestParamInfo<at::ScalarType>& test) {
                           return test.param == at::kFloat ? "fp32" : "bf16";
                         });

TEST(GpuDecodeThread, AnErrorReachesTheCallerAndTheThreadGoesOn) {
  const models::VaeConfig vae = fixture_model().vae;
  const kernels::DecodeTile decode = cuda::decode_tile_on_lasting_threads();
  const at::Tensor latents = at::randn({vae.latent_channels, 1, 2, 2}, at::kFloat).to(kGpu);
  EXPECT_THROW(decode(WeightStore{}, vae, latents), Error);
  EXPECT_THROW(decode(WeightStore{}, vae, latents), Error);
}

}  // namespace
}  // namespace pipedit::executor::test
