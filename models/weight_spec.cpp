#include "models/weight_spec.h"

#include <functional>
#include <numeric>

namespace pipedit::models {

std::int64_t elements(const Shape& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

std::int64_t parameter_count(const std::vector<WeightSpec>& specs) {
  std::int64_t sum = 0;
  for (const WeightSpec& spec : specs) sum += elements(spec.shape);
  return sum;
}

std::map<std::string, Shape> stored_tensors(const std::vector<WeightSpec>& specs, Naming naming) {
  std::map<std::string, Shape> tensors;
  for (const WeightSpec& spec : specs)
    for (const Source& source : spec.sources(naming)) tensors.emplace(source.key, source.shape);
  return tensors;
}

}  // namespace pipedit::models
