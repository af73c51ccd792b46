#include "models/model_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "core/error.h"

namespace pipedit::models {
namespace {

using testing::HasSubstr;

constexpr const char* kTiny = PIPEDIT_SOURCE_DIR "/configs/models/hunyuanvideo-tiny.json";

std::string tiny() {
  std::ifstream in(kTiny);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// The tiny model's file with one piece of text replaced.
std::string with(const std::string& from, const std::string& to) {
  std::string text = tiny();
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw Error("the tiny model does not contain " + from);
  return text.replace(at, from.size(), to);
}

std::string refusal(const std::string& text) {
  try {
    parse_model(text);
  } catch (const InputError& e) {
    return e.what();
  }
  return "accepted";
}

TEST(ModelJson, ConfiguredModelsAreRead) {
  const Model full = read_model(PIPEDIT_SOURCE_DIR "/configs/models/hunyuanvideo.json");
  EXPECT_EQ(full.name, "hunyuanvideo");
  EXPECT_EQ(full.dtype, Dtype::bf16);
  EXPECT_EQ(full.dit.hidden_size, 3072);
  EXPECT_EQ(full.dit.patch_features(), 64);
  EXPECT_EQ(full.sampler.steps, 50);
  const Model small = read_model(kTiny);
  EXPECT_EQ(small.dtype, Dtype::fp32);
  EXPECT_EQ(small.dit.num_heads, 14);
  EXPECT_EQ(small.vae.block_out_channels, (std::vector<std::int64_t>{8, 16, 32, 32}));
}

TEST(ModelJson, WhatIsWrittenIsRead) {
  const Model model = read_model(kTiny);
  EXPECT_EQ(parse_model(write_model(model)), model);
}

TEST(ModelJson, UnknownKeysAreNamed) {
  EXPECT_THAT(refusal(with("\"num_heads\"", "\"num_headz\": 3, \"num_heads\"")), HasSubstr("/dit/num_headz"));
  EXPECT_THAT(refusal(with("\"name\"", "\"colour\": 3, \"name\"")), HasSubstr("/colour"));
}

TEST(ModelJson, KeysThatAreGivenTwiceAreNamed) {
  EXPECT_EQ(refusal(with("\"num_heads\"", "\"num_heads\": 14, \"num_heads\"")), "/dit/num_heads: given twice");
}

TEST(ModelJson, ShapesMustFitTogether) {
  EXPECT_THAT(refusal(with("\"hidden_size\": 336", "\"hidden_size\": 335")), HasSubstr("/dit/hidden_size"));
  EXPECT_THAT(refusal(with("[8, 8, 8]", "[8, 8, 6]")), HasSubstr("/dit/rope_dims_thw"));
  EXPECT_THAT(refusal(with("[8, 8, 8]", "[7, 9, 8]")), HasSubstr("/dit/rope_dims_thw"));
  EXPECT_THAT(refusal(with("[8, 16, 32, 32]", "[8, 16, 30, 32]")), HasSubstr("/vae/block_out_channels"));
  EXPECT_THAT(refusal(with("\"latent_channels\": 16", "\"latent_channels\": 12")), HasSubstr("/vae/latent_channels"));
}

TEST(ModelJson, TypesAndRangesAreChecked) {
  EXPECT_THAT(refusal(with("\"num_heads\": 14", "\"num_heads\": \"14\"")), HasSubstr("/dit/num_heads"));
  EXPECT_THAT(refusal(with("\"num_heads\": 14", "\"num_heads\": 0")), HasSubstr("/dit/num_heads"));
  EXPECT_THAT(refusal(with("\"dtype\": \"fp32\"", "\"dtype\": \"fp8\"")), HasSubstr("/dtype"));
  EXPECT_THAT(refusal(with("\"family\": \"hunyuanvideo\"", "\"family\": \"other\"")), HasSubstr("/family"));
  EXPECT_THAT(refusal(with("\"sample_size\": 32", "\"sample_size\": 8")), HasSubstr("would not move on"));
  EXPECT_THAT(refusal(with("\"sample_tsize\": 16", "\"sample_tsize\": 6")), HasSubstr("/vae/sample_tsize"));
  EXPECT_THAT(refusal(with("\"steps\": 20", "\"steps\": 0")), HasSubstr("/sampler/steps"));
}

TEST(ModelJson, AFileThatIsMissingIsNamed) {
  try {
    read_model("no/such/model.json");
    FAIL();
  } catch (const InputError& e) {
    EXPECT_STREQ(e.what(), "no/such/model.json: No such file or directory");
  }
}

}  // namespace
}  // namespace pipedit::models
