#include "executor/kernels/refiner.h"

#include <gtest/gtest.h>

#include <ATen/ops/empty.h>
#include <ATen/ops/equal.h>

#include "executor/kernels/conditioning.h"
#include "executor/weights/random.h"
#include "models/model_json.h"
#include "models/registry.h"
#include "tests/executor/fixture.h"

namespace pipedit::executor::kernels {
namespace {

models::Model tiny() { return models::read_model(PIPEDIT_SOURCE_DIR "/configs/models/hunyuanvideo-tiny.json"); }

at::Tensor normal(at::IntArrayRef shape, const char* name) {
  at::Tensor x = at::empty(shape, at::kFloat);
  fill_normal(x, 1, name, 0, 1);
  return x;
}

TEST(Refiner, DependsOnTheStepAndOnEveryToken) {
  const models::Model model = tiny();
  const WeightStore weights = random_weights(models::weights_of(model), 3, at::kFloat);
  const at::Tensor sinusoid = sinusoids(normal({2}, "times").mul_(1000), model.dit.time_sinusoid);
  const at::Tensor text = normal({7, model.dit.text_dim}, "text");
  const auto refined = [&](const at::Tensor& states, std::int64_t step) {
    const RefinerConstants constants = refiner_constants(weights, states);
    at::Tensor out = at::empty({states.size(0), model.dit.hidden_size});
    refine(weights, model.dit, constants, refiner_vectors(weights, constants, sinusoid).narrow(0, step, 1), out);
    return out;
  };
  const at::Tensor base = refined(text, 0);
  EXPECT_TRUE(at::equal(base, refined(text, 0)));
  EXPECT_GT(test::max_difference(base, refined(text, 1)), 1e-3);
  EXPECT_GT(test::max_difference(base.narrow(0, 0, 6), refined(text.narrow(0, 0, 6), 0)), 1e-4);
}

TEST(Conditioning, RowsOfManyStepsAreThoseOfEach) {
  const models::Model model = tiny();
  const WeightStore weights = random_weights(models::weights_of(model), 3, at::kFloat);
  const at::Tensor times = sinusoids(normal({5}, "times").mul_(1000), model.dit.time_sinusoid);
  const at::Tensor guidance = sinusoids(normal({1}, "guidance").mul_(6000), model.dit.time_sinusoid);
  const at::Tensor pooled = normal({model.dit.pooled_dim}, "pooled");
  const at::Tensor all = conditioning_vectors(weights, times, guidance, pooled);
  ASSERT_EQ(all.sizes(), (at::IntArrayRef{5, model.dit.hidden_size}));
  for (std::int64_t i = 0; i < 5; ++i)
    EXPECT_LE(test::max_difference(conditioning_vectors(weights, times.narrow(0, i, 1), guidance, pooled)[0], all[i]),
              1e-5);
}

}  // namespace
}  // namespace pipedit::executor::kernels
