#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "core/units.h"
#include "executor/weights/weight_store.h"
#include "models/weight_spec.h"

namespace pipedit::executor {

// Host memory of one allocation, freed with its last owner.
using HostMemory = std::shared_ptr<std::byte>;
using AllocateHost = std::function<HostMemory(Bytes)>;
HostMemory pageable_memory(Bytes);

// Weights of these specifications, still to be filled, in one allocation: by name, each at the next multiple of
// program::kWeightAlignment, so that a load_weights task moves all of its set in one copy.
WeightStore packed_weights(const std::vector<models::WeightSpec>&, at::ScalarType,
                           const AllocateHost& = pageable_memory);

}  // namespace pipedit::executor
