#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/units.h"

// Which tensors a model needs, and where a checkpoint holds them. Canonical names are ours: one tensor for each
// thing an operation reads, so that an operation never slices.
namespace pipedit::models {

using Shape = std::vector<std::int64_t>;

enum class Naming { official, diffusers };

// How random weights are drawn where there is no checkpoint.
enum class Init {
  gemm,        // normal, variance 1 / fan-in, so that activations keep their size
  bias,        // small normal
  gain,        // around one
  modulation,  // as gemm, halved: gates and shifts away from zero, scales not far from one
};

// A box of one stored tensor: rows of its first dimension, and columns of all others flattened.
struct Source {
  std::string key;
  Shape shape;  // of the whole stored tensor
  Range rows;
  Range columns;
  friend bool operator==(const Source&, const Source&) = default;
};

struct WeightSpec {
  std::string name;
  Shape shape;
  std::vector<Source> official;  // laid end to end along the rows
  std::vector<Source> diffusers;
  Init init = Init::gemm;
  friend bool operator==(const WeightSpec&, const WeightSpec&) = default;

  const std::vector<Source>& sources(Naming naming) const { return naming == Naming::official ? official : diffusers; }
};

std::int64_t elements(const Shape&);

// The sum over all tensors.
std::int64_t parameter_count(const std::vector<WeightSpec>&);

// Every key that a checkpoint under this naming must hold, with its shape.
std::map<std::string, Shape> stored_tensors(const std::vector<WeightSpec>&, Naming);

}  // namespace pipedit::models
