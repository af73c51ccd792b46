#pragma once

#include <string_view>
#include <vector>

#include "models/block.h"
#include "models/model.h"
#include "models/weight_spec.h"

namespace pipedit::models {

// What a folder of models/ provides. To add a family: its folder, and one line in registry.cpp.
struct Family {
  std::string_view name;
  std::vector<Block> (*blocks)(const DitConfig&);
  std::vector<WeightSpec> (*dit_weights)(const DitConfig&);
  std::vector<WeightSpec> (*vae_weights)(const VaeConfig&);
};

// Null where there is no family of that name.
const Family* find_family(std::string_view name);
std::vector<std::string_view> family_names();

// All weights of a model, those of the transformer first. Throws Error on an unknown family.
std::vector<WeightSpec> weights_of(const Model&);

}  // namespace pipedit::models
