#include "executor/weights/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/equal.h>
#include <fmt/format.h>

#include "core/error.h"
#include "executor/weights/random.h"
#include "executor/weights/safetensors.h"
#include "models/registry.h"
#include "tests/core/temporary_folder.h"
#include "tests/executor/fixture.h"

namespace pipedit::executor {
namespace {

using models::Naming;
using testing::AllOf;
using testing::HasSubstr;
using Tensors = std::vector<std::pair<std::string, at::Tensor>>;

const std::vector<models::WeightSpec>& specs() {
  static const std::vector<models::WeightSpec> kSpecs = models::weights_of(test::fixture_model());
  return kSpecs;
}

// A complete checkpoint: each tensor filled at random by its key.
Tensors checkpoint(Naming naming) {
  Tensors tensors;
  for (const auto& [key, shape] : models::stored_tensors(specs(), naming)) {
    at::Tensor tensor = at::empty(shape, at::kFloat);
    fill_normal(tensor, 5, key, 0, 1);
    tensors.emplace_back(key, tensor);
  }
  return tensors;
}

std::string refusal(const Tensors& tensors) {
  const TemporaryFolder folder;
  const auto path = folder.path() / "model.safetensors";
  write_safetensors(path, tensors);
  try {
    load_weights(path, specs(), at::kFloat);
  } catch (const InputError& e) {
    EXPECT_THAT(e.what(), HasSubstr(path.string()));
    return e.what();
  }
  return "accepted";
}

void expect_equal(const WeightStore& a, const WeightStore& b) {
  ASSERT_EQ(a.tensors().size(), b.tensors().size());
  for (const auto& [name, tensor] : a.tensors()) {
    EXPECT_TRUE(at::equal(tensor, b.at(name))) << name;
    EXPECT_TRUE(tensor.is_contiguous()) << name;
  }
}

at::Tensor stored(const Tensors& tensors, const std::string& key) {
  for (const auto& [name, tensor] : tensors)
    if (name == key) return tensor;
  throw Error("no " + key);
}

TEST(LoadWeights, CutsTheOfficialTensors) {
  const TemporaryFolder folder;
  const Tensors tensors = checkpoint(Naming::official);
  write_safetensors(folder.path() / "m.safetensors", tensors);
  const WeightStore store = load_weights(folder.path() / "m.safetensors", specs(), at::kFloat);
  const std::int64_t hidden = test::fixture_model().dit.hidden_size;
  const std::string last = std::to_string(test::fixture_model().dit.num_single_blocks - 1) + ".";
  const at::Tensor first = stored(tensors, "single_blocks." + last + "linear1.weight");
  const at::Tensor second = stored(tensors, "single_blocks." + last + "linear2.weight");
  const auto taken = [&](const char* name) { return store.at("single." + last + name + ".weight"); };
  EXPECT_TRUE(at::equal(taken("k"), first.narrow(0, hidden, hidden)));
  EXPECT_TRUE(at::equal(taken("mlp"), first.narrow(0, 3 * hidden, first.size(0) - 3 * hidden)));
  EXPECT_TRUE(at::equal(taken("out"), second.narrow(1, 0, hidden)));
  EXPECT_TRUE(at::equal(taken("mlp_out"), second.narrow(1, hidden, second.size(1) - hidden)));
  EXPECT_FALSE(store.linear("single." + last + "out").bias.defined());
  EXPECT_TRUE(at::equal(store.at("embed.weight"), stored(tensors, "img_in.proj.weight").view({hidden, -1})));
}

TEST(LoadWeights, JoinsTheTensorsOfTheOtherNaming) {
  const TemporaryFolder folder;
  const Tensors tensors = checkpoint(Naming::diffusers);
  write_safetensors(folder.path() / "m.safetensors", tensors);
  const WeightStore store = load_weights(folder.path() / "m.safetensors", specs(), at::kFloat);
  const std::string block = "context_embedder.token_refiner.refiner_blocks.0.attn.";
  EXPECT_TRUE(at::equal(store.at("refiner.0.qkv.bias"),
                        at::cat({stored(tensors, block + "to_q.bias"), stored(tensors, block + "to_k.bias"),
                                 stored(tensors, block + "to_v.bias")})));
}

// The transformer's tensors in two shards with an index, the VAE's in a file with a prefix.
void write_shards(const std::filesystem::path& transformer_folder, const std::filesystem::path& vae_folder) {
  Tensors transformer, vae;
  std::string map;
  for (const auto& [key, tensor] : checkpoint(Naming::diffusers)) {
    const bool is_vae = key.starts_with("decoder.") || key.starts_with("post_quant_conv.");
    (is_vae ? vae : transformer).emplace_back((is_vae ? "vae." : "") + key, tensor);
  }
  const std::size_t half = transformer.size() / 2;
  std::filesystem::create_directories(transformer_folder);
  std::filesystem::create_directories(vae_folder);
  const auto shard = [&](const char* name, std::size_t begin, std::size_t end) {
    write_safetensors(transformer_folder / name, Tensors(transformer.begin() + begin, transformer.begin() + end));
    for (std::size_t i = begin; i < end; ++i)
      map += (map.empty() ? "\"" : ",\"") + transformer[i].first + "\":\"" + name + "\"";
  };
  shard("m-1.safetensors", 0, half);
  shard("m-2.safetensors", half, transformer.size());
  std::ofstream(transformer_folder / "m.safetensors.index.json") << R"({"weight_map":{)" << map << "}}";
  vae.emplace_back("encoder.conv_in.conv.weight", at::empty({2, 2}).zero_());
  vae.emplace_back("quant_conv.weight", at::empty({2, 2}).zero_());
  write_safetensors(vae_folder / "vae_weights.safetensors", vae);
}

TEST(LoadWeights, ShardsFoldersAndPrefixesGiveTheSame) {
  const TemporaryFolder apart, together, whole;
  write_shards(apart.path() / "transformer", apart.path() / "vae");
  write_shards(together.path(), together.path());
  write_safetensors(whole.path() / "m.safetensors", checkpoint(Naming::diffusers));
  const WeightStore expected = load_weights(whole.path(), specs(), at::kFloat);
  expect_equal(load_weights(apart.path(), specs(), at::kFloat), expected);
  expect_equal(load_weights(together.path(), specs(), at::kFloat), expected);
}

TEST(LoadWeights, MissingTensorsAreNamed) {
  Tensors tensors = checkpoint(Naming::official);
  std::erase_if(tensors, [](const auto& entry) { return entry.first == "double_blocks.0.txt_mod.linear.bias"; });
  EXPECT_THAT(refusal(tensors), AllOf(HasSubstr("double_blocks.0.txt_mod.linear.bias"), HasSubstr("official")));
}

TEST(LoadWeights, UnknownTensorsAreNamed) {
  Tensors tensors = checkpoint(Naming::diffusers);
  tensors.emplace_back("transformer_blocks.0.extra", at::empty({2}).zero_());
  EXPECT_THAT(refusal(tensors), HasSubstr("unknown tensor transformer_blocks.0.extra"));
}

TEST(LoadWeights, WrongShapesAndTypesAreNamed) {
  const std::int64_t hidden = test::fixture_model().dit.hidden_size, width = test::fixture_model().dit.mlp_width;
  const std::string shapes = fmt::format("expected shape [{}, {}], got [{}, {}]", width, hidden, hidden, width);
  for (auto& [key, tensor] : checkpoint(Naming::official)) {
    if (key != "double_blocks.0.img_mlp.fc1.weight") continue;
    Tensors tensors = checkpoint(Naming::official);
    const auto replace = [&](const at::Tensor& by) {
      for (auto& entry : tensors)
        if (entry.first == key) entry.second = by;
    };
    replace(tensor.t());
    EXPECT_THAT(refusal(tensors), AllOf(HasSubstr(key), HasSubstr(shapes)));
    replace(tensor.to(at::kLong));
    EXPECT_THAT(refusal(tensors), AllOf(HasSubstr(key), HasSubstr("floating point")));
  }
}

TEST(LoadWeights, ATensorInTwoFilesIsRefused) {
  const TemporaryFolder folder;
  write_safetensors(folder.path() / "a.safetensors", checkpoint(Naming::official));
  write_safetensors(folder.path() / "b.safetensors",
                    {{"img_in.proj.bias", stored(checkpoint(Naming::official), "img_in.proj.bias")}});
  EXPECT_THROW(load_weights(folder.path(), specs(), at::kFloat), InputError);
}

TEST(LoadWeights, ConvertsToTheDtypeAskedFor) {
  const TemporaryFolder folder;
  write_safetensors(folder.path() / "m.safetensors", checkpoint(Naming::official));
  const WeightStore store = load_weights(folder.path(), specs(), at::kBFloat16);
  EXPECT_EQ(store.at("embed.weight").scalar_type(), at::kBFloat16);
  EXPECT_EQ(store.bytes(), 2 * models::parameter_count(specs()));
}

TEST(LoadWeights, TellOfEachAndEndWhenThatThrows) {
  const TemporaryFolder folder;
  write_safetensors(folder.path() / "m.safetensors", checkpoint(Naming::official));
  std::size_t bytes = 0, weights = 0;
  const EachWeight count = [&](const at::Tensor& weight) { bytes += weight.nbytes(), ++weights; };
  load_weights(folder.path(), specs(), at::kFloat, count);
  const WeightStore store = random_weights(specs(), 7, at::kFloat, fill_normal, count);
  load_weights_into(store, folder.path(), specs(), count);
  EXPECT_EQ(weights, 3 * specs().size());
  EXPECT_EQ(bytes, 3 * static_cast<std::size_t>(store.bytes()));
  const EachWeight stop = [&](const at::Tensor&) { throw Error("stop"); };
  EXPECT_THROW(random_weights(specs(), 7, at::kFloat, fill_normal, stop), Error);
  EXPECT_THROW(load_weights_into(store, folder.path(), specs(), stop), Error);
}

TEST(RandomWeights, DependOnSeedAndNameAlone) {
  const WeightStore all = random_weights(specs(), 7, at::kFloat);
  expect_equal(all, random_weights(specs(), 7, at::kFloat));
  const std::vector<models::WeightSpec> last(specs().end() - 1, specs().end());
  EXPECT_TRUE(at::equal(random_weights(last, 7, at::kFloat).at(last[0].name), all.at(last[0].name)));
  EXPECT_FALSE(at::equal(random_weights(last, 8, at::kFloat).at(last[0].name), all.at(last[0].name)));
}

TEST(RandomWeights, AreSpreadAsTheirKindSays) {
  const WeightStore store = random_weights(specs(), 7, at::kFloat);
  const at::Tensor weight = store.at("double.0.video.fc1.weight").to(at::kDouble);
  const double variance = 1.0 / static_cast<double>(weight.size(1)), count = static_cast<double>(weight.numel());
  // five standard deviations of either mean
  EXPECT_NEAR(weight.mean().item<double>(), 0, 5 * std::sqrt(variance / count));
  EXPECT_NEAR(weight.pow(2).mean().item<double>(), variance, 5 * variance * std::sqrt(2 / count));
  EXPECT_NEAR(store.at("refiner.0.norm1.weight").mean().item<double>(), 1, 0.1);
  EXPECT_GT(store.at("single.0.modulation.weight").abs().mean().item<double>(), 0.01);
}

TEST(FillNormal, AnElementDependsOnItsIndexAlone) {
  at::Tensor longer = at::empty({1001}), shorter = at::empty({6});
  fill_normal(longer, 1, "x", 0, 1);
  fill_normal(shorter, 1, "x", 0, 1);
  EXPECT_TRUE(at::equal(longer.narrow(0, 0, 6), shorter));
  EXPECT_NEAR(longer.mean().item<double>(), 0, 0.15);
  EXPECT_NEAR(longer.std().item<double>(), 1, 0.1);
}

}  // namespace
}  // namespace pipedit::executor
