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

// Of CASE.json, by JSON pointer.
Json value_of(const std::string& name, const std::string& pointer) {
  const std::filesystem::path path = fixture_folder() / (name + ".json");
  const Json file = parse_file(path, parse_json);
  const Json::json_pointer at(pointer);
  if (!file.contains(at)) throw InputError(path.string() + ": no " + pointer);
  return file.at(at);
}

// A model file's words are those of the fixtures but for what the fixtures only remark.
Json dit_config() {
  Json config = value_of("dit", "/config");
  const std::string norm = value_of("dit", "/config/qk_norm");  // "rms per head, eps 1e-6"
  for (const char* remark : {"mlp_ratio", "qk_norm", "qkv_bias", "guidance_embedding"}) config.erase(remark);
  config["text_len"] = value_of("dit", "/sizes/text_len");
  config["qk_norm_eps"] = std::stod(norm.substr(norm.rfind(' ') + 1));
  return config;
}

// The fixtures give the guidance as the network is told of it, 1000 times as large.
Json sampler_config() {
  return {{"steps", value_of("pipeline", "/config/steps")},
          {"shift", value_of("pipeline", "/config/shift")},
          {"guidance", fixture_number("pipeline", "/config/guidance_input") / 1000}};
}

}  // namespace

std::filesystem::path fixture_folder() {
  const char* given = std::getenv("PIPEDIT_FIXTURES");
  // ctest starts every test in a build folder, people start `make test` at the root
  const std::filesystem::path root = PIPEDIT_SOURCE_DIR;
  const std::filesystem::path folder = root / (given != nullptr ? given : "tests/fixtures/models") / "hunyuanvideo";
  if (!std::filesystem::is_directory(folder)) throw InputError("no fixtures in " + folder.string());
  return folder;
}

models::Model fixture_model() {
  Json file = header("pipedit.model", 1);
  file["name"] = "fixture";
  file["family"] = "hunyuanvideo";
  file["dtype"] = "fp32";
  file["dit"] = dit_config();
  file["vae"] = value_of("vae_decoder", "/config");
  file["sampler"] = sampler_config();
  return models::parse_model(file.dump());
}

double fixture_number(const std::string& name, const std::string& pointer) {
  return value_of(name, pointer).get<double>();
}

std::vector<std::int64_t> fixture_integers(const std::string& name, const std::string& pointer) {
  return value_of(name, pointer).get<std::vector<std::int64_t>>();
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
