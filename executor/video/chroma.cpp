#include "executor/video/chroma.h"

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/tensor.h>

namespace pipedit::executor {

double psnr_at_half_chroma(const at::Tensor& rgb) {
  const at::Tensor frames = rgb.to(at::kFloat);
  const at::Tensor luma = at::matmul(frames, at::tensor({0.299f, 0.587f, 0.114f})).unsqueeze(3);
  const at::Tensor colour =
      (frames - luma).unflatten(2, {rgb.size(2) / 2, 2}).unflatten(1, {rgb.size(1) / 2, 2});  // [F, H/2, 2, W/2, 2, 3]
  const double lost = (colour - colour.mean({2, 4}, /*keepdim=*/true)).square().mean().item<double>();
  return 10 * std::log10(255.0 * 255.0 / lost);
}

}  // namespace pipedit::executor
