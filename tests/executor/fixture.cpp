#include "tests/executor/fixture.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include <ATen/TensorOperators.h>

#include "core/json.h"
#include "models/model_json.h"

namespace pipedit::executor::test {

namespace {

Json read_case(const std::string& name) { return parse_json(read_text(fixture_folder() / (name + ".json"))); }

// A model file's words are those of the fixtures but for what the fixtures only remark.
Json dit_config(const Json& fixture) {
  Json config = fixture.at("config");
  for (const char* remark : {"mlp_ratio", "qk_norm", "qkv_bias", "guidance_embedding"}) config.erase(remark);
  config["text_len"] = fixture.at("sizes").at("text_len");
  config["qk_norm_eps"] = 1e-6;  // "rms per head, eps 1e-6"
  return config;
}

}  // namespace

std::filesystem::path fixture_folder() {
  const char* given = std::getenv("PIPEDIT_FIXTURES");
  const std::filesystem::path root = given != nullptr ? given : PIPEDIT_SOURCE_DIR "/tests/fixtures/models";
  const std::filesystem::path folder = root / "hunyuanvideo";
  if (!std::filesystem::is_directory(folder)) throw InputError("no fixtures in " + folder.string());
  return folder;
}

models::Model fixture_model() {
  Json file = header("pipedit.model", 1);
  file["name"] = "fixture";
  file["family"] = "hunyuanvideo";
  file["dtype"] = "fp32";
  file["dit"] = dit_config(read_case("dit"));
  file["vae"] = read_case("vae_decoder").at("config");
  file["sampler"] = {{"steps", 6}, {"shift", 7.0}, {"guidance", 6.0}};
  return models::parse_model(file.dump());
}

double fixture_number(const std::string& name, const std::string& pointer) {
  return read_case(name).at(Json::json_pointer(pointer)).get<double>();
}

std::vector<std::int64_t> fixture_integers(const std::string& name, const std::string& pointer) {
  return read_case(name).at(Json::json_pointer(pointer)).get<std::vector<std::int64_t>>();
}

SafetensorsFile fixture_tensors(const std::string& file_name) { return SafetensorsFile(fixture_folder() / file_name); }

double max_difference(const at::Tensor& found, const at::Tensor& expected) {
  TORCH_CHECK(found.sizes() == expected.sizes(), "shape ", found.sizes(), ", expected ", expected.sizes());
  const double difference = (found.to(at::kDouble) - expected.to(at::kDouble)).abs().max().item<double>();
  return std::isnan(difference) ? std::numeric_limits<double>::infinity() : difference;
}

double relative_difference(const at::Tensor& found, const at::Tensor& expected) {
  const double size = expected.to(at::kDouble).abs().max().item<double>();
  return max_difference(found, expected) / std::max(1.0, size);
}

}  // namespace pipedit::executor::test
