#include "executor/inputs/embeddings.h"

#include <algorithm>

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/error.h"
#include "executor/run_folder/run_folder.h"
#include "executor/weights/random.h"
#include "executor/weights/safetensors.h"

namespace pipedit::executor {

namespace {

[[noreturn]] void refuse(const SafetensorsFile& file, const char* tensor, const std::string& why) {
  throw InputError(fmt::format("{}: {}: {}", file.path().string(), tensor, why));
}

std::string shape_text(at::IntArrayRef sizes) { return fmt::format("[{}]", fmt::join(sizes, ", ")); }

// Without the batch's dimension, if it is there.
at::Tensor read(const SafetensorsFile& file, const char* name, std::int64_t dims) {
  at::Tensor tensor = file.tensor(name);
  if (tensor.dim() == dims + 1 && tensor.size(0) == 1) tensor = tensor[0];
  if (tensor.dim() != dims)
    refuse(file, name, fmt::format("expected {} dimensions, got {}", dims, shape_text(tensor.sizes())));
  return tensor;
}

at::Tensor floats(const SafetensorsFile& file, const char* name, std::int64_t dims, std::int64_t width) {
  const at::Tensor tensor = read(file, name, dims);
  if (tensor.size(dims - 1) != width)
    refuse(file, name, fmt::format("expected a width of {}, got {}", width, shape_text(tensor.sizes())));
  at::Tensor values = tensor.to(at::kFloat).clone();
  if (!at::isfinite(values).all().item<bool>()) refuse(file, name, "holds values that are not finite");
  return values;
}

// Of a mask that is ones, then zeros.
std::int64_t valid_tokens(const SafetensorsFile& file, std::int64_t tokens) {
  if (!file.entries().contains("text_mask")) return tokens;
  const at::Tensor mask = read(file, "text_mask", 1).to(at::kLong);
  if (mask.size(0) != tokens)
    refuse(file, "text_mask", fmt::format("expected {} tokens, got {}", tokens, mask.size(0)));
  const std::int64_t valid = mask.sum().item<std::int64_t>();
  const bool right_padded = ((mask == 0).logical_or(mask == 1)).all().item<bool>() &&
                            mask.narrow(0, 0, std::clamp<std::int64_t>(valid, 0, tokens)).all().item<bool>();
  if (!right_padded) refuse(file, "text_mask", "expected ones, then zeros");
  return valid;
}

RequestInput read_input(const std::filesystem::path& path, const models::DitConfig& dit, RequestId number) {
  const SafetensorsFile file(path);
  RequestInput input;
  const at::Tensor states = floats(file, "text_states", 2, dit.text_dim);
  const std::int64_t valid = valid_tokens(file, states.size(0));
  if (valid < 1 || valid > dit.text_len)
    refuse(file, "text_states", fmt::format("expected 1 to {} valid tokens, got {}", dit.text_len, valid));
  input.text_states = states.narrow(0, 0, valid);
  input.pooled = floats(file, "pooled", 1, dit.pooled_dim);
  input.number = index(number);
  return input;
}

at::Tensor normal(const std::vector<std::int64_t>& shape, std::uint64_t seed, const std::string& name) {
  at::Tensor values = at::empty(shape, at::kFloat);
  fill_normal(values, seed, name, 0, 1);
  return values;
}

}  // namespace

std::vector<RequestInput> read_embeddings(const std::filesystem::path& folder, const models::Model& model,
                                          const std::vector<RequestId>& numbers) {
  if (!std::filesystem::is_directory(folder)) throw InputError(fmt::format("{}: not a folder", folder.string()));
  std::vector<RequestInput> inputs;
  for (const RequestId number : numbers)
    inputs.push_back(read_input(folder / (request_name(number) + ".safetensors"), model.dit, number));
  return inputs;
}

std::vector<RequestInput> random_embeddings(std::uint64_t seed, const models::Model& model, const Workload& workload,
                                            const std::vector<RequestId>& numbers) {
  std::vector<RequestInput> inputs;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::int64_t tokens = workload.shape_of(RequestId{static_cast<int>(i)}).text_tokens;
    RequestInput input;
    input.number = index(numbers[i]);
    input.text_states = normal({tokens, model.dit.text_dim}, seed, fmt::format("text_states {}", input.number));
    input.pooled = normal({model.dit.pooled_dim}, seed, fmt::format("pooled {}", input.number));
    inputs.push_back(std::move(input));
  }
  return inputs;
}

Workload with_tokens_of(const Workload& workload, const std::vector<RequestInput>& inputs) {
  Workload real = workload;
  real.shapes.clear();
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    RequestShape shape = workload.shape_of(RequestId{static_cast<int>(i)});
    shape.text_tokens = static_cast<int>(inputs[i].text_states.size(0));
    const auto known = std::find(real.shapes.begin(), real.shapes.end(), shape);
    real.requests[i].shape = static_cast<int>(known - real.shapes.begin());
    if (known == real.shapes.end()) real.shapes.push_back(shape);
  }
  return real;
}

}  // namespace pipedit::executor
