#pragma once

#include <ATen/core/Tensor.h>

#include "executor/weights/weight_store.h"

namespace pipedit::executor::kernels {

// Row i is [cos(v_i f), sin(v_i f)], f_j = 10000^(-2j/width), j < width/2. Values [n] of fp32 or fp64; the same out.
at::Tensor sinusoids(const at::Tensor& values, std::int64_t width);

// Linear, SiLU, Linear: NAME.0 and NAME.2 of the store. x [rows, in] is cast to the weights' dtype.
at::Tensor two_layers(const WeightStore&, std::string_view name, const at::Tensor& x);

// The vector that conditions every block, one row a step: [steps, D] from the sinusoids of the timesteps [steps, 256]
// and of the guidance [1, 256], and the pooled text [pooled_dim].
at::Tensor conditioning_vectors(const WeightStore&, const at::Tensor& time_sinusoids,
                                const at::Tensor& guidance_sinusoid, const at::Tensor& pooled);

// What a block's norms and gates use, one row a step: [steps, k D] = Linear(SiLU(vectors [steps, D])), in the weights'
// dtype. A double block
// has k = 6: shift, scale, gate of the attention, then of the MLP; a single block k = 3; final.shift and .scale k = 1.
at::Tensor modulation_vectors(const at::Tensor& vectors, const Linear& modulation);

}  // namespace pipedit::executor::kernels
