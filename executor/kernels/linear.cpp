#include "executor/kernels/linear.h"

#include <ATen/ops/addmm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/mm.h>

namespace pipedit::executor::kernels {

void linear(const at::Tensor& x, const Linear& layer, at::Tensor out) {
  if (layer.bias.defined())
    at::addmm_out(out, layer.bias, x, layer.weight.t());
  else
    at::mm_out(out, x, layer.weight.t());
}

at::Tensor linear(const at::Tensor& x, const Linear& layer) {
  at::Tensor out = at::empty({x.size(0), layer.weight.size(0)}, x.options());
  linear(x, layer, out);
  return out;
}

void linear_add(const at::Tensor& x, const Linear& layer, at::Tensor sum) {
  sum.addmm_(x, layer.weight.t());
  if (layer.bias.defined()) sum.add_(layer.bias);
}

}  // namespace pipedit::executor::kernels
