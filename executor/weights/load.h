#pragma once

#include <filesystem>
#include <vector>

#include "executor/weights/weight_store.h"
#include "models/weight_spec.h"

namespace pipedit::executor {

// Loads what the specifications name from a checkpoint (checkpoint.h says which files) of either naming. A folder may
// hold both, then the official one is read. Weights whose dtype is already right are views into the file.
//
// Throws InputError, naming file and tensor: one that is missing, of another shape, or, where the specifications are
// those of a transformer, one that neither naming knows. Whatever belongs to a VAE (its encoder too) may be there.
WeightStore load_weights(const std::filesystem::path&, const std::vector<models::WeightSpec>&, at::ScalarType,
                         const EachWeight& = ignore_weight);

// Fills weights that are there already (packed.h), one after the other. On a CPU the last bits of a product depend on
// whether its operands start at multiples of 64 bytes, and views into a file do not: so a run with these weights has
// the bits of one that off-loads them, a run with views has not.
void load_weights_into(const WeightStore&, const std::filesystem::path&, const std::vector<models::WeightSpec>&,
                       const EachWeight& = ignore_weight);

}  // namespace pipedit::executor
