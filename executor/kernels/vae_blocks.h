#pragma once

#include "executor/weights/weight_store.h"

// Parts of the causal 3D decoder, on [1, C, T, h, w]. Weights are named by their canonical prefix.
namespace pipedit::executor::kernels {

struct VaeContext {
  const WeightStore& weights;
  std::int64_t groups = 0;  // of the norms, whose statistics run over all frames and pixels of x
  double eps = 0;
};

// Convolution that sees no later frame: space is padded on both sides, time in front, by repeating the border.
at::Tensor causal_conv(const VaeContext&, const std::string& name, const at::Tensor& x);

// shortcut(x) + conv2(SiLU(norm2(conv1(SiLU(norm1(x)))))).
at::Tensor resnet(const VaeContext&, const std::string& name, const at::Tensor& x);

// x + attention of one head over all positions, where a position sees its own and earlier frames.
at::Tensor frame_causal_attention(const VaeContext&, const std::string& name, const at::Tensor& x);

// The middle of it, on rows [frames * positions of a frame, C], frame after frame.
at::Tensor frame_causal_mix(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, std::int64_t frames);

// Nearest repetition by 2 in space and, with `time`, by 2 in time except for the first frame; then a convolution.
at::Tensor upsample(const VaeContext&, const std::string& name, bool time, const at::Tensor& x);

// SiLU(GroupNorm(x)).
at::Tensor norm_silu(const VaeContext&, const std::string& name, const at::Tensor& x);

}  // namespace pipedit::executor::kernels
