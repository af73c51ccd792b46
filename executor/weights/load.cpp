#include "executor/weights/load.h"

#include <algorithm>
#include <array>

#include <ATen/ops/cat.h>
#include <fmt/format.h>

#include "core/error.h"
#include "executor/weights/checkpoint.h"

namespace pipedit::executor {

namespace {

using models::Naming;
using models::Source;
using models::WeightSpec;
using Specs = std::vector<WeightSpec>;

bool is_of_vae(std::string_view key) {
  constexpr std::array<std::string_view, 4> kPrefixes{"encoder.", "decoder.", "quant_conv.", "post_quant_conv."};
  return std::any_of(kPrefixes.begin(), kPrefixes.end(), [&](auto prefix) { return key.starts_with(prefix); });
}

std::vector<std::string> missing(const Checkpoint& checkpoint, const Specs& specs, Naming naming) {
  std::vector<std::string> keys;
  for (const auto& [key, shape] : models::stored_tensors(specs, naming))
    if (!checkpoint.has(key)) keys.push_back(key);
  return keys;
}

Naming detect(const Checkpoint& checkpoint, const Specs& specs) {
  const std::vector<std::string> official = missing(checkpoint, specs, Naming::official);
  if (official.empty()) return Naming::official;
  const std::vector<std::string> diffusers = missing(checkpoint, specs, Naming::diffusers);
  if (diffusers.empty()) return Naming::diffusers;
  const bool nearer = official.size() <= diffusers.size();
  const std::vector<std::string>& keys = nearer ? official : diffusers;
  throw InputError(fmt::format("{}: no tensor {} ({} of the {} naming are missing)", checkpoint.path().string(),
                               keys[0], keys.size(), nearer ? "official" : "diffusers"));
}

void refuse_unknown(const Checkpoint& checkpoint, const Specs& specs) {
  const auto is_transformer = [](const WeightSpec& spec) { return !spec.name.starts_with("vae."); };
  if (std::none_of(specs.begin(), specs.end(), is_transformer)) return;
  const auto official = models::stored_tensors(specs, Naming::official);
  const auto diffusers = models::stored_tensors(specs, Naming::diffusers);
  for (const std::string& key : checkpoint.keys())
    if (!is_of_vae(key) && !official.contains(key) && !diffusers.contains(key))
      throw InputError(fmt::format("{}: unknown tensor {}", checkpoint.path().string(), key));
}

at::Tensor piece(const Checkpoint& checkpoint, const Source& source) {
  const at::Tensor stored = checkpoint.tensor(source.key, source.shape);
  return stored.reshape({source.shape[0], -1})
      .narrow(0, source.rows.begin, source.rows.size())
      .narrow(1, source.columns.begin, source.columns.size());
}

at::Tensor assemble(const Checkpoint& checkpoint, const std::vector<Source>& sources) {
  if (sources.size() == 1) return piece(checkpoint, sources[0]);
  std::vector<at::Tensor> pieces;
  for (const Source& source : sources) pieces.push_back(piece(checkpoint, source));
  return at::cat(pieces, 0);
}

// Calls `take(spec, weight)`, the weight's rows and columns as they are stored.
template <class Take>
void read_each(const std::filesystem::path& path, const Specs& specs, Take take) {
  const Checkpoint checkpoint(path);
  refuse_unknown(checkpoint, specs);
  const Naming naming = detect(checkpoint, specs);
  for (const WeightSpec& spec : specs) take(spec, assemble(checkpoint, spec.sources(naming)));
}

}  // namespace

WeightStore load_weights(const std::filesystem::path& path, const Specs& specs, at::ScalarType dtype,
                         const EachWeight& each) {
  WeightStore store;
  read_each(path, specs, [&](const WeightSpec& spec, const at::Tensor& weight) {
    store.insert(spec.name, weight.to(dtype).contiguous().view(spec.shape));
    each(store.at(spec.name));
  });
  return store;
}

void load_weights_into(const WeightStore& store, const std::filesystem::path& path, const Specs& specs,
                       const EachWeight& each) {
  read_each(path, specs, [&](const WeightSpec& spec, const at::Tensor& weight) {
    each(store.at(spec.name).copy_(weight.reshape(spec.shape)));
  });
}

}  // namespace pipedit::executor
