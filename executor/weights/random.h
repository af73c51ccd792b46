#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "executor/weights/weight_store.h"
#include "models/weight_spec.h"

namespace pipedit::executor {

// Fills a contiguous CPU tensor with mean + deviation * N(0, 1). Element i depends on (seed, name, i) alone: not on
// the tensor's shape, on threads or on what was drawn before.
void fill_normal(at::Tensor& out, std::uint64_t seed, std::string_view name, double mean, double deviation);

// Weights where there is no checkpoint; each depends on (seed, canonical name) alone.
WeightStore random_weights(const std::vector<models::WeightSpec>&, std::uint64_t seed, at::ScalarType);

}  // namespace pipedit::executor
