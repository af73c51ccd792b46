#pragma once

#include <string>
#include <vector>

#include "core/units.h"
#include "models/op_kind.h"

namespace pipedit::program {

// Off-loaded weights are not resident: they lie in buffers which load_weights tasks fill from the host's one copy. A
// set is what one such task loads: where each weight of a stage lies from the start of its buffer. Kernels' results do
// not depend on where weights lie, since each starts at a multiple of kWeightAlignment.
inline constexpr Bytes kWeightAlignment{256};

enum class WeightSetId : int {};  // Program::weight_sets

struct WeightPlace {
  std::string name;  // canonical (models/weight_spec.h), which says the shape
  Bytes offset, size;
  friend bool operator==(const WeightPlace&, const WeightPlace&) = default;
};

struct WeightSet {
  std::string stage;                // "transformer", "decoder"
  std::vector<WeightPlace> places;  // by name, one behind the other
  friend bool operator==(const WeightSet&, const WeightSet&) = default;

  Bytes content() const;  // of the weights alone
  Bytes extent() const;   // where the last one ends
};

// Whether operations of this kind have weights.
bool uses_weights(models::OpKind);

}  // namespace pipedit::program
