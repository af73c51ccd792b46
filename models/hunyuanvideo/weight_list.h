#pragma once

#include <string>
#include <vector>

#include "models/model.h"
#include "models/weight_spec.h"

namespace pipedit::models::hunyuanvideo {

// Where a linear layer lies in a stored one: from which row and column on, of how many. Zero: all of them.
struct Place {
  std::string key;
  std::int64_t first_row = 0;
  std::int64_t rows = 0;
  std::int64_t first_column = 0;
  std::int64_t columns = 0;
};
using Places = std::vector<Place>;  // they share the rows of the weight evenly

// Collects specifications. Official places come first in every call, those of diffusers second; keys lack ".weight".
class WeightList {
 public:
  explicit WeightList(const DitConfig& config) : dit(config) {}

  void linear(const std::string& name, std::int64_t out, std::int64_t in, const Places& official,
              const Places& diffusers, Init init = Init::gemm);
  void weight(const std::string& name, std::int64_t out, std::int64_t in, const Places& official,
              const Places& diffusers, Init init = Init::gemm);
  void bias(const std::string& name, std::int64_t out, const Places& official, const Places& diffusers);
  void gain(const std::string& name, std::int64_t size, const std::string& official, const std::string& diffusers);

  const DitConfig& dit;
  std::vector<WeightSpec> specs;
};

}  // namespace pipedit::models::hunyuanvideo
