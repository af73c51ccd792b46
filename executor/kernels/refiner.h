#pragma once

#include "executor/weights/weight_store.h"
#include "models/model.h"

// The text token refiner: from the text encoder's states to the text stream's first hidden rows. Only valid tokens
// enter; no valid row depends on padding.
namespace pipedit::executor::kernels {

// What does not depend on the step.
struct RefinerConstants {
  at::Tensor embedded;  // [Lv, D]
  at::Tensor pooled;    // [1, D], from the mean over the tokens
};
RefinerConstants refiner_constants(const WeightStore&, const at::Tensor& text);  // text [Lv, text_dim]

// The vector that gates the refiner's blocks, one row a step: [steps, D].
at::Tensor refiner_vectors(const WeightStore&, const RefinerConstants&, const at::Tensor& time_sinusoids);

// One block's two gates from the step's vector [1, D]; hidden [Lv, D] is updated.
void refiner_block(const WeightStore&, const models::DitConfig&, std::int64_t block, const at::Tensor& vector,
                   const at::Tensor& hidden);

// All blocks: out [Lv, D] of one step.
void refine(const WeightStore&, const models::DitConfig&, const RefinerConstants&, const at::Tensor& vector,
            const at::Tensor& out);

}  // namespace pipedit::executor::kernels
