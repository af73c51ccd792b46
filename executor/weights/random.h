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

// The stream of random numbers that a name stands for.
std::uint64_t stream_of_name(std::string_view name);

// fill_normal, or what does the same on another device.
using FillNormal = void (*)(at::Tensor& out, std::uint64_t seed, std::string_view name, double mean, double deviation);

// Weights where there is no checkpoint; each depends on (seed, canonical name) alone. Of the dtype and on the device
// that the options say, drawn there by `fill`.
WeightStore random_weights(const std::vector<models::WeightSpec>&, std::uint64_t seed, const at::TensorOptions&,
                           FillNormal fill = fill_normal, const EachWeight& = ignore_weight);

// The same weights into where there are some already (packed.h), drawn one by one where the options say.
void draw_weights_into(const WeightStore&, const std::vector<models::WeightSpec>&, std::uint64_t seed,
                       const at::TensorOptions&, FillNormal fill = fill_normal, const EachWeight& = ignore_weight);

}  // namespace pipedit::executor
