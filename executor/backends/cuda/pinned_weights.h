#pragma once

#include <filesystem>
#include <vector>

#include "executor/weights/packed.h"

// The host's one copy of weights that a program off-loads (Job::host_weights): in pinned memory, which copies to every
// GPU read without the host's help. Nothing stays on a GPU.
namespace pipedit::executor {

// Throws Error where memory does not suffice.
HostMemory pinned_host_memory(Bytes);

// From a checkpoint, as load_weights reads one.
WeightStore pinned_weights(const std::filesystem::path&, const std::vector<models::WeightSpec>&, at::ScalarType,
                           const EachWeight& = ignore_weight);

// Drawn on that GPU, tensor by tensor: the bits of random_weights with the same seed there.
WeightStore pinned_random_weights(const std::vector<models::WeightSpec>&, std::uint64_t seed, at::ScalarType, int gpu,
                                  const EachWeight& = ignore_weight);

}  // namespace pipedit::executor
