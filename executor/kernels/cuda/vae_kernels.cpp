#include "executor/kernels/cuda/vae_kernels.h"

#include <ATen/ops/empty.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAStream.h>

namespace pipedit::executor::kernels::cuda {

namespace {

Number number_of(const at::Tensor& x) { return x.scalar_type() == at::kFloat ? Number::f32 : Number::bf16; }
cudaStream_t stream_of(const at::Tensor& x) { return c10::cuda::getCurrentCUDAStream(x.device().index()).stream(); }
const float* floats(const at::Tensor& x) { return x.defined() ? x.const_data_ptr<float>() : nullptr; }
std::int64_t channels_of(const at::Tensor& x) { return x.size(3); }
std::int64_t positions_of(const at::Tensor& x) { return x.numel() / channels_of(x); }

void check_taken(const at::Tensor& x) {
  const std::int64_t accesses = channels_of(x) * static_cast<std::int64_t>(x.itemsize()) / 16;
  TORCH_CHECK(x.is_cuda() && x.dim() == 4 && x.is_contiguous() &&
                  (x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16),
              "expected [T, h, w, C] on a GPU, got ", x.sizes());
  TORCH_CHECK(channels_of(x) * static_cast<std::int64_t>(x.itemsize()) % 16 == 0 && accesses <= kMostAccesses,
              channels_of(x), " channels");
}

at::Tensor summed(ChannelSums job, const at::Tensor& x) {
  check_taken(x);
  job.type = number_of(x);
  job.positions = positions_of(x);
  job.channels = channels_of(x);
  job.x = x.data_ptr();
  const at::Tensor sums =
      at::empty({sum_blocks(job.type, job.positions, job.channels), job.channels, 2}, x.options().dtype(at::kDouble));
  job.sums = static_cast<double2*>(sums.data_ptr());
  sum_channels(job, stream_of(x));
  C10_CUDA_KERNEL_LAUNCH_CHECK();
  return sums;
}

}  // namespace

at::Tensor channel_sums(const at::Tensor& x) { return summed({}, x); }

at::Tensor add_and_sum(const at::Tensor& x, const at::Tensor& added, const at::Tensor& bias) {
  TORCH_CHECK(added.sizes() == x.sizes() && added.is_contiguous() && added.scalar_type() == x.scalar_type(),
              "add_and_sum of ", x.sizes(), " and ", added.sizes());
  return summed({.added = added.const_data_ptr(), .bias = floats(bias)}, x);
}

Gathered gather_and_sum(const at::Tensor& phases, bool time) {
  TORCH_CHECK(phases.is_contiguous() && phases.size(3) % (time ? 8 : 4) == 0, "phases ", phases.sizes());
  const std::int64_t height = phases.size(1) - 1, width = phases.size(2) - 1;
  const std::int64_t frames = time ? 2 * phases.size(0) - 1 : phases.size(0);
  const at::Tensor x = at::empty({frames, 2 * height, 2 * width, phases.size(3) / (time ? 8 : 4)}, phases.options());
  return {x, summed({.phases = {.data = phases.const_data_ptr(),
                                .height = static_cast<int>(height),
                                .width = static_cast<int>(width),
                                .time = time}},
                    x)};
}

at::Tensor norm_factors(const at::Tensor& x, const at::Tensor& sums, const at::Tensor& bias, const Linear& affine,
                        std::int64_t groups, double eps) {
  at::Tensor factors = at::empty({channels_of(x), 2}, x.options().dtype(at::kFloat));
  norm_coefficients({.type = number_of(x),
                     .positions = positions_of(x),
                     .channels = channels_of(x),
                     .groups = groups,
                     .blocks = static_cast<int>(sums.size(0)),
                     .sums = static_cast<const double2*>(sums.const_data_ptr()),
                     .bias = floats(bias),
                     .gain = affine.weight.const_data_ptr(),
                     .shift = affine.bias.const_data_ptr(),
                     .eps = static_cast<float>(eps),
                     .out = static_cast<float2*>(factors.data_ptr())},
                    stream_of(x));
  C10_CUDA_KERNEL_LAUNCH_CHECK();
  return factors;
}

at::Tensor spread(const at::Tensor& x, const SpreadOptions& options) {
  check_taken(x);
  Spread job{.type = number_of(x),
             .x = x.const_data_ptr(),
             .frames = x.size(0),
             .height = x.size(1),
             .width = x.size(2),
             .channels = channels_of(x),
             .front = options.front,
             .side = options.side,
             .silu = options.silu};
  if (options.factors.defined()) job.factors = static_cast<const float2*>(options.factors.const_data_ptr());
  at::Tensor out = at::empty({job.out_frames(), job.out_height(), job.out_width(), job.channels}, x.options());
  job.out = out.data_ptr();
  spread(job, stream_of(x));
  C10_CUDA_KERNEL_LAUNCH_CHECK();
  return out;
}

}  // namespace pipedit::executor::kernels::cuda
