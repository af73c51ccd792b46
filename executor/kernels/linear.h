#pragma once

#include <ATen/core/Tensor.h>

// Mathematics on tensors: no hidden state, any of fp32, fp64 and bf16 (that of the input). What a comment says is
// written is written in place, through a handle that is const, and may be a strided view.
namespace pipedit::executor::kernels {

struct Linear {
  at::Tensor weight;  // [out, in]
  at::Tensor bias;    // [out]; undefined: none
};

// out [rows, out] = x [rows, in] weight^T + bias.
void linear(const at::Tensor& x, const Linear&, const at::Tensor& out);
at::Tensor linear(const at::Tensor& x, const Linear&);

// sum [rows, out] += x weight^T + bias.
void linear_add(const at::Tensor& x, const Linear&, const at::Tensor& sum);

}  // namespace pipedit::executor::kernels
