#include "executor/inputs/embeddings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>

#include "core/error.h"
#include "executor/weights/safetensors.h"
#include "tests/core/temporary_folder.h"
#include "tests/executor/fixture.h"
#include "tests/executor/run_plan.h"

namespace pipedit::executor::test {
namespace {

using Tensors = std::vector<std::pair<std::string, at::Tensor>>;

// The fixtures' model, with room for the texts of these tests.
const models::Model& roomy_model() {
  static const models::Model roomy = [] {
    models::Model model = tiny_model();
    model.dit.text_len = 8;
    return model;
  }();
  return roomy;
}

const models::DitConfig& dit() { return roomy_model().dit; }

std::vector<RequestInput> read(const Tensors& tensors) {
  const TemporaryFolder folder;
  write_safetensors(folder.path() / "request_0002.safetensors", tensors);
  return read_embeddings(folder.path(), roomy_model(), {RequestId{2}});
}

std::string error_of(const Tensors& tensors) {
  try {
    read(tensors);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

at::Tensor states(std::int64_t tokens) { return at::ones({tokens, dit().text_dim}); }
at::Tensor pooled() { return at::ones({dit().pooled_dim}); }

TEST(Embeddings, PaddingIsDropped) {
  const auto inputs =
      read({{"text_states", states(5)}, {"text_mask", at::tensor({1, 1, 1, 0, 0})}, {"pooled", pooled()}});
  EXPECT_EQ(inputs.at(0).text_states.size(0), 3);
  EXPECT_EQ(inputs.at(0).number, 2u);
}

TEST(Embeddings, ALeadingDimensionOfOneMayBeThere) {
  const auto inputs = read({{"text_states", states(5).unsqueeze(0)}, {"pooled", pooled().unsqueeze(0)}});
  EXPECT_EQ(inputs.at(0).text_states.size(0), 5);
}

TEST(Embeddings, NamesFileAndTensorOfWhatDoesNotFit) {
  using testing::HasSubstr;
  EXPECT_THAT(error_of({{"pooled", pooled()}}), HasSubstr("request_0002.safetensors: no tensor text_states"));
  EXPECT_THAT(error_of({{"text_states", at::ones({5, dit().text_dim + 1})}, {"pooled", pooled()}}),
              HasSubstr("text_states: expected a width of"));
  EXPECT_THAT(error_of({{"text_states", states(5)}, {"pooled", at::ones({dit().pooled_dim + 1})}}),
              HasSubstr("pooled: expected a width of"));
  EXPECT_THAT(error_of({{"text_states", states(5)}, {"text_mask", at::tensor({0, 1, 1, 1, 1})}, {"pooled", pooled()}}),
              HasSubstr("text_mask: expected ones, then zeros"));
  EXPECT_THAT(error_of({{"text_states", states(2)}, {"text_mask", at::tensor({0, 0})}, {"pooled", pooled()}}),
              HasSubstr("valid tokens, got 0"));
  EXPECT_THAT(error_of({{"text_states", at::full({5, dit().text_dim}, std::nan(""))}, {"pooled", pooled()}}),
              HasSubstr("not finite"));
  EXPECT_THROW(read_embeddings("/no/such/folder", tiny_model(), {}), InputError);
}

TEST(RandomEmbeddings, DependOnSeedAndNumberAlone) {
  const Workload workload = tiny_workload(2);
  const auto both = random_embeddings(4, tiny_model(), workload, {RequestId{0}, RequestId{7}});
  const auto one = random_embeddings(4, tiny_model(), tiny_workload(1), {RequestId{7}});
  EXPECT_EQ(max_difference(both.at(1).text_states, one.at(0).text_states), 0);
  EXPECT_GT(max_difference(both.at(0).text_states, both.at(1).text_states), 0.1);
  const auto other = random_embeddings(5, tiny_model(), tiny_workload(1), {RequestId{7}});
  EXPECT_GT(max_difference(other.at(0).pooled, one.at(0).pooled), 0.1);
}

TEST(WithTokensOf, RequestsOfOneShapePartWhereTheirTokensDiffer) {
  const Workload workload = tiny_workload(3);
  std::vector<RequestInput> inputs(3);
  inputs[0].text_states = inputs[2].text_states = states(4);
  inputs[1].text_states = states(6);
  const Workload real = with_tokens_of(workload, inputs);
  ASSERT_EQ(real.shapes.size(), 2u);
  EXPECT_EQ(real.shape_of(RequestId{1}).text_tokens, 6);
  EXPECT_EQ(real.shape_of(RequestId{2}).text_tokens, 4);
  EXPECT_EQ(real.requests[0].shape, real.requests[2].shape);
}

}  // namespace
}  // namespace pipedit::executor::test
