#include <gtest/gtest.h>

#include <ATen/ops/from_blob.h>

#include "executor/kernels/conditioning.h"
#include "executor/kernels/patches.h"
#include "executor/kernels/stream.h"
#include "executor/weights/load.h"
#include "models/hunyuanvideo/schedule.h"
#include "models/registry.h"
#include "tests/executor/fixture.h"
#include "tests/executor/reference_decode.h"
#include "tests/executor/reference_forward.h"

namespace pipedit::executor::test {
namespace {

at::Tensor as_tensor(std::vector<float> values) {
  return at::from_blob(values.data(), {static_cast<std::int64_t>(values.size())}, at::kFloat).clone();
}

Request request(const models::DitConfig& dit, const std::vector<float>& sigmas, std::array<std::int64_t, 3> grid) {
  const SafetensorsFile text = fixture_tensors("dit_io.safetensors");
  const std::int64_t valid = text.tensor("in.text_mask")[0].sum().item<std::int64_t>();
  const auto guidance = static_cast<float>(fixture_number("pipeline", "/config/guidance_input"));
  return {grid, text.tensor("in.text_states")[0].narrow(0, 0, valid), text.tensor("in.text_states_2")[0],
          kernels::sinusoids(as_tensor(models::hunyuanvideo::timesteps(sigmas)), dit.time_sinusoid),
          kernels::sinusoids(as_tensor({guidance}), dit.time_sinusoid)};
}

// The whole folder is the checkpoint: transformer and VAE, and the transformer under both namings.
TEST(PipelineParity, FromNoiseToFrames) {
  const models::Model model = fixture_model();
  const WeightStore weights = load_weights(fixture_folder(), models::weights_of(model), at::kFloat);
  const SafetensorsFile io = fixture_tensors("pipeline.safetensors");
  const std::vector<float> sigmas =
      models::hunyuanvideo::sigmas(static_cast<std::int64_t>(fixture_number("pipeline", "/config/steps")),
                                   fixture_number("pipeline", "/config/shift"));
  const at::Tensor noise = io.tensor("in.noise_initial")[0];
  const std::array thw{noise.size(1), noise.size(2), noise.size(3)};
  const auto& patch = model.dit.patch_size;
  at::Tensor tokens = kernels::patchify(noise, patch);
  const ReferenceForward forward(weights, model.dit,
                                 request(model.dit, sigmas, {thw[0] / patch[0], thw[1] / patch[1], thw[2] / patch[2]}));
  for (std::int64_t i = 0; i + 1 < static_cast<std::int64_t>(sigmas.size()); ++i) {
    const auto at = static_cast<std::size_t>(i);
    kernels::scheduler_step(tokens, forward.velocity(tokens, i), sigmas[at], sigmas[at + 1]);
    ASSERT_LE(relative_difference(kernels::unpatchify(tokens, thw, patch), io.tensor("out.x")[i + 1][0]),
              fixture_number("pipeline", "/tolerance/out.x/relative"))
        << "step " << i;
  }
  const at::Tensor frames = reference_decode(weights, model.vae, kernels::unpatchify(tokens, thw, patch));
  EXPECT_LE(max_difference(frames, io.tensor("out.frames")[0]),
            fixture_number("pipeline", "/tolerance/out.frames/max_abs"));
}

}  // namespace
}  // namespace pipedit::executor::test
