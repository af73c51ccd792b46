#include "executor/kernels/linear.h"

#include <ATen/ops/addmm.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/mm.h>

namespace pipedit::executor::kernels {

void linear(const at::Tensor& x, const Linear& layer, const at::Tensor& out) {
  // an `out` of another shape would be resized, and no longer be a view of what the caller meant
  TORCH_CHECK(out.size(0) == x.size(0) && out.size(1) == layer.weight.size(0), "linear into ", out.sizes(), " of ",
              x.sizes(), " by ", layer.weight.sizes());
  at::Tensor result = out;
  if (layer.bias.defined())
    at::addmm_out(result, layer.bias, x, layer.weight.t());
  else
    at::mm_out(result, x, layer.weight.t());
}

at::Tensor linear(const at::Tensor& x, const Linear& layer) {
  at::Tensor out = at::empty({x.size(0), layer.weight.size(0)}, x.options());
  linear(x, layer, out);
  return out;
}

void linear_add(const at::Tensor& x, const Linear& layer, const at::Tensor& sum) {
  sum.addmm_(x, layer.weight.t());
  if (layer.bias.defined()) sum.add_(layer.bias);
}

}  // namespace pipedit::executor::kernels
