#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "executor/weights/safetensors.h"
#include "models/model.h"

// Vectors of the reference implementation: tests/fixtures/models, or the folder that PIPEDIT_FIXTURES names, absolute
// or from the root of the repository.
namespace pipedit::executor::test {

// models/hunyuanvideo of the fixtures. Throws where there is none: a parity test without vectors fails.
std::filesystem::path fixture_folder();

// The reduced model: the configurations of dit.json, vae_decoder.json and pipeline.json.
models::Model fixture_model();

// A number, or a list of them, of CASE.json by JSON pointer: fixture_number("dit", "/tolerance/out/max_abs").
double fixture_number(const std::string& name, const std::string& pointer);
std::vector<std::int64_t> fixture_integers(const std::string& name, const std::string& pointer);

SafetensorsFile fixture_tensors(const std::string& file_name);

// Greatest absolute difference; NaN counts as infinite. Shapes must be equal.
double max_difference(const at::Tensor& found, const at::Tensor& expected);
// The same divided by max(1, greatest absolute value expected).
double relative_difference(const at::Tensor& found, const at::Tensor& expected);

}  // namespace pipedit::executor::test
