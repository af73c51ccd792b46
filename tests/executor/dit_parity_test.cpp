#include <gtest/gtest.h>

#include <cctype>
#include <optional>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/zeros.h>

#include "executor/kernels/conditioning.h"
#include "executor/kernels/patches.h"
#include "executor/weights/load.h"
#include "models/hunyuanvideo/weights.h"
#include "tests/executor/fixture.h"
#include "tests/executor/reference_forward.h"

namespace pipedit::executor::test {
namespace {

enum class Sinusoids { own, of_the_file };

// The transformer of the fixtures on its two samples.
class DitParity : public testing::Test {
 protected:
  WeightStore weights(const char* file = "dit_weights.safetensors", at::ScalarType dtype = at::kFloat) const {
    return load_weights(fixture_folder() / file, models::hunyuanvideo::dit_weights(model_.dit), dtype);
  }

  Request request(std::int64_t sample, Sinusoids from, at::ScalarType dtype) const {
    const auto in = [&](const char* name) { return io_.tensor(name)[sample].to(dtype); };
    const auto sinusoid = [&](const std::string& name, const char* of) {
      if (from == Sinusoids::of_the_file) return io_.tensor("mid.sinusoid." + name)[sample].unsqueeze(0).to(dtype);
      return kernels::sinusoids(in(of).reshape({1}), model_.dit.time_sinusoid);
    };
    const std::int64_t valid = io_.tensor("in.text_mask")[sample].sum().item<std::int64_t>();
    return {grid_, in("in.text_states").narrow(0, 0, valid), in("in.text_states_2"),
            sinusoid("timestep", "in.timestep"), sinusoid("guidance", "in.guidance")};
  }

  // The tables of the file, for whose last bits a run in fp64 is sensitive.
  kernels::RopeTables tables(std::int64_t text) const {
    const auto pairs = [&](const char* name) { return io_.tensor(name).slice(1, 0, std::nullopt, 2); };
    const std::int64_t width = model_.dit.head_dim / 2;
    return {at::cat({pairs("in.rope_cos"), at::ones({text, width})}),
            at::cat({pairs("in.rope_sin"), at::zeros({text, width})})};
  }

  at::Tensor output(const WeightStore& weights, Sinusoids from, at::ScalarType dtype = at::kFloat,
                    std::optional<std::int64_t> left_out = {}) const {
    std::vector<at::Tensor> samples;
    for (std::int64_t i = 0; i < io_.tensor("in.latents").size(0); ++i) {
      const Request r = request(i, from, dtype);
      ReferenceForward forward(weights, model_.dit, r);
      if (dtype == at::kDouble) forward.use_rope(tables(r.text.size(0)));
      if (left_out) forward.leave_out_head(*left_out);
      const at::Tensor latents = io_.tensor("in.latents")[i].to(dtype);
      const at::Tensor velocity = forward.velocity(kernels::patchify(latents, model_.dit.patch_size), 0);
      samples.push_back(
          kernels::unpatchify(velocity, {latents.size(1), latents.size(2), latents.size(3)}, model_.dit.patch_size));
    }
    return at::stack(samples);
  }

  const models::Model model_ = fixture_model();
  const SafetensorsFile io_ = fixture_tensors("dit_io.safetensors");
  const std::array<std::int64_t, 3> grid_ = [&] {
    const at::Tensor latents = io_.tensor("in.latents");
    const auto& patch = model_.dit.patch_size;
    return std::array{latents.size(2) / patch[0], latents.size(3) / patch[1], latents.size(4) / patch[2]};
  }();
};

TEST_F(DitParity, OutputFromOwnSinusoids) {
  EXPECT_LE(max_difference(output(weights(), Sinusoids::own), io_.tensor("out")),
            fixture_number("dit", "/tolerance/out/max_abs"));
}

TEST_F(DitParity, OutputFromTheFilesSinusoids) {
  EXPECT_LE(max_difference(output(weights(), Sinusoids::of_the_file), io_.tensor("out")),
            fixture_number("dit", "/tolerance/out_when_the_sinusoids_are_taken_from_the_file/max_abs"));
}

TEST_F(DitParity, SinusoidsAndGuidanceInput) {
  const double tolerance = fixture_number("dit", "/tolerance/mid.sinusoid/max_abs");
  for (const std::string name : {"timestep", "guidance"})
    EXPECT_LE(max_difference(kernels::sinusoids(io_.tensor("in." + name), model_.dit.time_sinusoid),
                             io_.tensor("mid.sinusoid." + name)),
              tolerance);
}

TEST_F(DitParity, RopeTables) {
  const kernels::RopeTables own = kernels::rope_tables(grid_, model_.dit.rope_dims_thw, model_.dit.rope_theta,
                                                       {0, grid_[0] * grid_[1] * grid_[2] + 3});
  EXPECT_LE(max_difference(own.cos, tables(3).cos), 1e-6);
  EXPECT_LE(max_difference(own.sin, tables(3).sin), 1e-6);
}

TEST_F(DitParity, IntermediatesInOrder) {
  const double tolerance = fixture_number("dit", "/tolerance/mid/relative");
  const WeightStore loaded = weights();
  std::size_t compared = 0;
  for (std::int64_t i = 0; i < io_.tensor("in.latents").size(0); ++i) {
    const std::string prefix = "mid.s" + std::to_string(i) + ".";
    const at::Tensor tokens = kernels::patchify(io_.tensor("in.latents")[i], model_.dit.patch_size);
    ReferenceForward(loaded, model_.dit, request(i, Sinusoids::of_the_file, at::kFloat))
        .velocity(tokens, 0, [&](const std::string& name, const at::Tensor& x) {
          if (!io_.entries().contains(prefix + name)) return;
          ++compared;
          EXPECT_LE(relative_difference(x, io_.tensor(prefix + name)), tolerance) << prefix + name;
        });
  }
  std::size_t stored = 0;
  for (const auto& [name, entry] : io_.entries()) stored += name.starts_with("mid.s") && std::isdigit(name[5]) != 0;
  EXPECT_EQ(compared, stored);
}

TEST_F(DitParity, InDoublePrecisionEpsilonsCount) {
  const WeightStore wide = weights("dit_weights.safetensors", at::kDouble);
  const double tolerance = fixture_number("dit", "/tolerance/out.f64/max_abs");
  EXPECT_LE(max_difference(output(wide, Sinusoids::own, at::kDouble), io_.tensor("out.f64")), tolerance);
  EXPECT_LE(max_difference(output(wide, Sinusoids::of_the_file, at::kDouble), io_.tensor("out.f64_given_sinusoids")),
            tolerance);
}

// Views into two files start at other multiples of 64 bytes, on which the last bits of a product depend.
TEST_F(DitParity, BothNamingsGiveTheSameWeightsAndOutput) {
  const WeightStore official = weights(), other = weights("dit_weights_diffusers.safetensors");
  ASSERT_EQ(official.tensors().size(), other.tensors().size());
  for (const auto& [name, weight] : official.tensors()) EXPECT_EQ(max_difference(weight, other.at(name)), 0) << name;
  EXPECT_LE(max_difference(output(other, Sinusoids::of_the_file), io_.tensor("out")),
            fixture_number("dit", "/tolerance/out_when_the_sinusoids_are_taken_from_the_file/max_abs"));
}

TEST_F(DitParity, LeavingOutAHeadIsSeen) {
  const WeightStore loaded = weights();
  for (std::int64_t head = 0; head < model_.dit.num_heads; ++head)
    EXPECT_GT(max_difference(output(loaded, Sinusoids::of_the_file, at::kFloat, head), io_.tensor("out")), 1e-2);
}

}  // namespace
}  // namespace pipedit::executor::test
