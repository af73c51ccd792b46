#include "models/registry.h"

#include "core/error.h"
#include "models/hunyuanvideo/blocks.h"
#include "models/hunyuanvideo/weights.h"

namespace pipedit::models {

namespace {

constexpr Family kFamilies[] = {
    {"hunyuanvideo", hunyuanvideo::blocks, hunyuanvideo::dit_weights, hunyuanvideo::vae_weights},
};

}  // namespace

const Family* find_family(std::string_view name) {
  for (const Family& family : kFamilies)
    if (family.name == name) return &family;
  return nullptr;
}

std::vector<std::string_view> family_names() {
  std::vector<std::string_view> names;
  for (const Family& family : kFamilies) names.push_back(family.name);
  return names;
}

std::vector<WeightSpec> weights_of(const Model& model) {
  const Family* family = find_family(model.family);
  if (family == nullptr) throw Error("unknown model family " + model.family);
  std::vector<WeightSpec> specs = family->dit_weights(model.dit);
  for (WeightSpec& spec : family->vae_weights(model.vae)) specs.push_back(std::move(spec));
  return specs;
}

}  // namespace pipedit::models
