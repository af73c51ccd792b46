#include "executor/kernels/vae_blocks.h"

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/_softmax.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/conv3d.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/group_norm.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/replication_pad3d.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/upsample_nearest3d.h>

namespace pipedit::executor::kernels {

namespace {

at::Tensor norm(const VaeContext& vae, const std::string& name, const at::Tensor& x) {
  const Linear affine = vae.weights.linear(name);
  return at::group_norm(x, vae.groups, affine.weight, affine.bias, vae.eps, false);
}

// One frame's queries [p, C] against the keys of its own and earlier frames; the mask is never built.
at::Tensor attend(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) {
  const at::Tensor scores = at::mm(q, k.t()).mul_(1 / std::sqrt(static_cast<double>(q.size(1))));
  return at::mm(at::_softmax(scores, 1, false), v);
}

// A 3D convolution as a sum of 2D ones, with frames as the batch: on a CPU LibTorch hands only those to oneDNN, which
// makes them 3 to 6 times as fast (8 to 32 channels, 17 frames of 32 x 32).
at::Tensor conv_by_frames(const at::Tensor& padded, const Linear& conv) {
  const std::int64_t taps = conv.weight.size(2), frames = padded.size(2) - taps + 1;
  const at::Tensor x = padded.squeeze(0).transpose(0, 1).contiguous();
  at::Tensor out = at::conv2d(x.narrow(0, 0, frames), conv.weight.select(2, 0), conv.bias);
  for (std::int64_t tap = 1; tap < taps; ++tap)
    out.add_(at::conv2d(x.narrow(0, tap, frames), conv.weight.select(2, tap)));
  return out.transpose(0, 1).unsqueeze(0).contiguous();
}

at::Tensor repeat(const at::Tensor& x, std::int64_t time) {
  return at::upsample_nearest3d(x, {x.size(2) * time, x.size(3) * 2, x.size(4) * 2});
}

}  // namespace

at::Tensor norm_silu(const VaeContext& vae, const std::string& name, const at::Tensor& x) {
  at::Tensor out = norm(vae, name, x);
  return at::silu_(out);
}

at::Tensor causal_conv(const VaeContext& vae, const std::string& name, const at::Tensor& x) {
  const Linear conv = vae.weights.linear(name + ".conv");
  const std::int64_t kernel = conv.weight.size(2), side = kernel / 2;
  if (kernel == 1) return at::conv3d(x, conv.weight, conv.bias);
  const at::Tensor padded = at::replication_pad3d(x, {side, side, side, side, kernel - 1, 0});
  return x.is_cpu() ? conv_by_frames(padded, conv) : at::conv3d(padded, conv.weight, conv.bias);
}

at::Tensor resnet(const VaeContext& vae, const std::string& name, const at::Tensor& x) {
  at::Tensor out = causal_conv(vae, name + ".conv1", norm_silu(vae, name + ".norm1", x));
  out = causal_conv(vae, name + ".conv2", norm_silu(vae, name + ".norm2", out));
  const bool widens = vae.weights.has(name + ".conv_shortcut.conv.weight");
  return out.add_(widens ? causal_conv(vae, name + ".conv_shortcut", x) : x);
}

at::Tensor frame_causal_mix(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, std::int64_t frames) {
  const std::int64_t positions = q.size(0) / frames;
  at::Tensor mixed = at::empty_like(q);
  for (std::int64_t i = 0; i < frames; ++i) {
    const std::int64_t seen = (i + 1) * positions;
    mixed.narrow(0, i * positions, positions)
        .copy_(attend(q.narrow(0, i * positions, positions), k.narrow(0, 0, seen), v.narrow(0, 0, seen)));
  }
  return mixed;
}

at::Tensor frame_causal_attention(const VaeContext& vae, const std::string& name, const at::Tensor& x) {
  const std::int64_t channels = x.size(1);
  const at::Tensor normed = norm(vae, name + ".group_norm", x).view({channels, x.numel() / channels}).t();
  const at::Tensor q = linear(normed, vae.weights.linear(name + ".to_q"));
  const at::Tensor k = linear(normed, vae.weights.linear(name + ".to_k"));
  const at::Tensor v = linear(normed, vae.weights.linear(name + ".to_v"));
  const at::Tensor out = linear(frame_causal_mix(q, k, v, x.size(2)), vae.weights.linear(name + ".to_out.0"));
  return out.t().reshape(x.sizes()) + x;
}

at::Tensor upsample(const VaeContext& vae, const std::string& name, bool time, const at::Tensor& x) {
  if (!time || x.size(2) == 1) return causal_conv(vae, name, repeat(x, 1));
  const at::Tensor first = repeat(x.narrow(2, 0, 1), 1);
  const at::Tensor rest = repeat(x.narrow(2, 1, x.size(2) - 1), 2);
  return causal_conv(vae, name, at::cat({first, rest}, 2));
}

}  // namespace pipedit::executor::kernels
