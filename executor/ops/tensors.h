#pragma once

#include <array>

#include <ATen/core/Tensor.h>

#include "executor/ops/op.h"

// Views of memory as tensors, which live no longer than the operation.
namespace pipedit::executor {

// Contiguous, in memory of that GPU; -1: the host's. Owns nothing.
at::Tensor tensor_at(std::byte* data, at::IntArrayRef sizes, at::ScalarType, int gpu);

// [rows, elements] of a view of one slot.
at::Tensor matrix(const View&);

// [rows, elements] of one of its slots.
at::Tensor slot(const View&, std::int64_t slot);

// [slots, rows, elements].
at::Tensor slots(const View&);

// [rows, slots * elements] of a view whose slots follow one another in a row.
at::Tensor joined_slots(const View&);

// The model's sizes of a request. Latents are [C, T, h, w], tokens a grid of {T, rows, columns}.
std::array<std::int64_t, 3> latent_sizes(const OpContext&);
std::array<std::int64_t, 3> token_grid(const OpContext&);

// The `i`-th vector of hidden size in the table's row of the task's step.
at::Tensor table_vector(const OpContext&, const View& table, int i);

// The request's levels of noise, steps + 1 of them.
std::vector<float> sigmas_of(const OpContext&);

// Sinusoids of the request's timesteps: [steps, width].
at::Tensor time_sinusoids(const OpContext&);

}  // namespace pipedit::executor
