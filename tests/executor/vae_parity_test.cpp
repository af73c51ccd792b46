#include <gtest/gtest.h>

#include <ATen/TensorOperators.h>

#include "executor/kernels/vae_decoder.h"
#include "executor/weights/load.h"
#include "models/hunyuanvideo/tiling.h"
#include "models/hunyuanvideo/weights.h"
#include "tests/executor/fixture.h"
#include "tests/executor/reference_decode.h"

namespace pipedit::executor::test {
namespace {

WeightStore vae_weights(at::ScalarType dtype) {
  return load_weights(fixture_folder() / "vae_decoder_weights.safetensors",
                      models::hunyuanvideo::vae_weights(fixture_model().vae), dtype);
}

SafetensorsFile io_of(const std::string& name) {
  return fixture_tensors(name == "tiled" ? "vae_decoder_io_tiled.safetensors" : "vae_decoder_io.safetensors");
}

class VaeParity : public testing::TestWithParam<const char*> {};

TEST_P(VaeParity, Frames) {
  const std::string name = GetParam();
  const SafetensorsFile io = io_of(name);
  const at::Tensor frames =
      reference_decode(vae_weights(at::kFloat), fixture_model().vae, io.tensor("in." + name + ".latents")[0]);
  EXPECT_LE(max_difference(frames, io.tensor("out." + name)[0]),
            fixture_number("vae_decoder", "/tolerance/out." + name + "/max_abs"));
}

TEST_P(VaeParity, TilesInDecodeOrder) {
  const std::string at = std::string("/cases/") + GetParam();
  const std::vector<std::int64_t> thw = fixture_integers("vae_decoder", at + "/latent_thw");
  const auto plan = models::hunyuanvideo::tile_plan(fixture_model().vae, thw[0], thw[1], thw[2]);
  EXPECT_EQ((std::vector{plan.frames, plan.height, plan.width}), fixture_integers("vae_decoder", at + "/frames_thw"));
  for (std::size_t i = 0; i < plan.tiles.size(); ++i) {
    const std::string tile = at + "/tiles_in_decode_order/" + std::to_string(i);
    const auto& [layer, row, column, t, y, x] = plan.tiles[i];
    EXPECT_EQ((std::vector{t.size(), y.size(), x.size()}), fixture_integers("vae_decoder", tile + "/latent_thw"));
    EXPECT_EQ((std::vector{models::hunyuanvideo::decoded_frames(t.size()), y.size() * 8, x.size() * 8}),
              fixture_integers("vae_decoder", tile + "/frames_thw"));
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, VaeParity, testing::Values("single", "temporal", "spatial", "tiled"));

TEST(VaeTileParity, IntermediatesInOrder) {
  const SafetensorsFile io = io_of("single");
  std::size_t compared = 0;
  const auto compare = [&](std::string_view part, const at::Tensor& x) {
    const std::string name = "mid.single." + std::string(part);
    if (!io.entries().contains(name)) return;
    ++compared;
    const at::Tensor expected = io.tensor(name);
    // the reference's attention works on [1, positions, channels]
    const at::Tensor found = expected.dim() == 3 ? x.flatten(2).transpose(1, 2) : x;
    EXPECT_LE(relative_difference(found, expected), fixture_number("vae_decoder", "/tolerance/mid/relative")) << name;
  };
  kernels::decode_tile(vae_weights(at::kFloat), fixture_model().vae, io.tensor("in.single.latents")[0], compare);
  std::size_t stored = 0;
  for (const auto& [name, entry] : io.entries()) stored += name.starts_with("mid.single.");
  EXPECT_EQ(compared, stored);
}

TEST(VaeTileParity, InDoublePrecisionEpsilonsCount) {
  const SafetensorsFile io = io_of("single");
  const models::VaeConfig vae = fixture_model().vae;
  // the reference's input is z, the quotient in fp32
  const at::Tensor latents = io.tensor("in.single.z")[0].to(at::kDouble) * vae.scaling_factor;
  const at::Tensor frames = kernels::decode_tile(vae_weights(at::kDouble), vae, latents);
  EXPECT_LE(max_difference(frames, io.tensor("out.single.f64")[0]), 1e-9);
}

}  // namespace
}  // namespace pipedit::executor::test
