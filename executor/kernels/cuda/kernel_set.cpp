#include "executor/kernels/cuda/kernel_set.h"

#include <algorithm>

#include <ATen/ops/_addmm_activation.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include "executor/kernels/cuda/attention.h"
#include "executor/kernels/cuda/copy_box.h"
#include "executor/kernels/cuda/normals.h"
#include "executor/kernels/cuda/pack_rows.h"
#include "executor/kernels/cuda/stream_rows.h"
#include "executor/kernels/cuda/vae_decoder.h"
#include "executor/weights/random.h"

namespace pipedit::executor::kernels::cuda {

namespace {

constexpr std::int64_t kAccess = 16;  // bytes
constexpr std::int64_t kMostThreads = 1024;

bool has_number(const at::Tensor& x) { return x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16; }
Number number_of(const at::Tensor& x) { return x.scalar_type() == at::kFloat ? Number::f32 : Number::bf16; }
cudaStream_t stream_of(const at::Tensor& x) { return c10::cuda::getCurrentCUDAStream(x.device().index()).stream(); }

bool wide_access(const at::Tensor& x) {
  const auto address = reinterpret_cast<std::uintptr_t>(x.const_data_ptr());
  return x.stride(-1) == 1 && address % kAccess == 0 && (x.dim() < 2 || x.stride(0) * x.itemsize() % kAccess == 0);
}

// What the kernels of whole rows can take: all operands of one type and with rows of whole accesses.
bool takes_rows(std::initializer_list<const at::Tensor*> operands) {
  const at::Tensor& first = **operands.begin();
  const std::int64_t bytes = first.size(1) * static_cast<std::int64_t>(first.itemsize());
  if (!has_number(first) || bytes % kAccess != 0 || bytes / kAccess > kMostThreads) return false;
  return std::all_of(operands.begin(), operands.end(), [&](const at::Tensor* x) {
    return x->is_cuda() && x->scalar_type() == first.scalar_type() && wide_access(*x);
  });
}

Rows rows_of(const at::Tensor& x) { return {x.data_ptr(), x.stride(0)}; }

void modulate(const at::Tensor& x, const at::Tensor& shift, const at::Tensor& scale, double eps,
              const at::Tensor& out) {
  if (!takes_rows({&x, &shift, &scale, &out})) return kernels::modulate(x, shift, scale, eps, out);
  modulate_rows({.type = number_of(x),
                 .count = x.size(0),
                 .width = x.size(1),
                 .x = rows_of(x),
                 .out = rows_of(out),
                 .shift = shift.const_data_ptr(),
                 .scale = scale.const_data_ptr(),
                 .eps = static_cast<float>(eps)},
                stream_of(x));
  C10_CUDA_KERNEL_LAUNCH_CHECK();
}

void gated_add(const at::Tensor& hidden, const at::Tensor& gate, const at::Tensor& x) {
  if (!takes_rows({&hidden, &gate, &x})) return kernels::gated_add(hidden, gate, x);
  add_gated_rows({.type = number_of(x),
                  .count = x.size(0),
                  .width = x.size(1),
                  .hidden = rows_of(hidden),
                  .x = rows_of(x),
                  .gate = gate.const_data_ptr()},
                 stream_of(x));
  C10_CUDA_KERNEL_LAUNCH_CHECK();
}

void copy_slots(const at::Tensor& x, const at::Tensor& out) {
  TORCH_CHECK(
      x.sizes() == out.sizes() && x.scalar_type() == out.scalar_type() && x.stride(2) == 1 && out.stride(2) == 1,
      "copy_slots: ", x.sizes(), " to ", out.sizes());
  const auto bytes = [&](std::int64_t elements) { return elements * static_cast<std::int64_t>(x.itemsize()); };
  copy_box({.source = static_cast<const std::byte*>(x.const_data_ptr()),
            .target = static_cast<std::byte*>(out.data_ptr()),
            .slots = x.size(0),
            .rows = x.size(1),
            .row_bytes = bytes(x.size(2)),
            .source_slot_stride = bytes(x.stride(0)),
            .source_row_stride = bytes(x.stride(1)),
            .target_slot_stride = bytes(out.stride(0)),
            .target_row_stride = bytes(out.stride(1))},
           stream_of(x));
  C10_CUDA_KERNEL_LAUNCH_CHECK();
}

// The activation in the product's own epilogue, before the only rounding. In fp32 its hyperbolic tangent is not exact
// enough.
void mlp_up(const at::Tensor& x, const Linear& layer, const at::Tensor& out) {
  if (x.scalar_type() != at::kBFloat16 || !layer.bias.defined()) return kernels::mlp_up(x, layer, out);
  TORCH_CHECK(out.size(0) == x.size(0) && out.size(1) == layer.weight.size(0), "mlp_up into ", out.sizes());
  at::Tensor result = out;
  at::_addmm_activation_out(result, layer.bias, x, layer.weight.t(), 1, 1, /*use_gelu=*/true);
}

PackedRows packed_rows(const at::Tensor& projected, std::int64_t head_dim, const PackOptions& options) {
  PackedRows job;
  job.type = number_of(projected);
  job.rows = projected.const_data_ptr();
  job.count = projected.size(0);
  job.row_stride = projected.stride(0);
  job.dim = head_dim;
  job.eps = static_cast<float>(options.eps);
  if (options.gain.defined()) job.gain = options.gain.const_data_ptr();
  if (options.rope != nullptr) {
    job.cos = options.rope->cos.const_data_ptr<float>();
    job.sin = options.rope->sin.const_data_ptr<float>();
  }
  return job;
}

void pack(const at::Tensor& projected, std::int64_t head_dim, const PackOptions& options,
          std::span<const PackedHead> heads) {
  TORCH_CHECK(projected.is_cuda() && has_number(projected) && projected.stride(1) == 1, "pack reads rows on a GPU");
  check_pack(projected, head_dim, options, heads);
  TORCH_CHECK(head_dim <= kMostPackedDim && head_dim % 2 == 0, "pack: head_dim ", head_dim);
  PackedRows job = packed_rows(projected, head_dim, options);
  while (!heads.empty()) {
    const auto now = heads.first(std::min(heads.size(), static_cast<std::size_t>(kMostPackedHeads)));
    heads = heads.subspan(now.size());
    job.heads = 0;
    for (const PackedHead& head : now)
      job.head[job.heads++] = {head.head * head_dim, head.out.data_ptr(), head.out.stride(0)};
    pack_rows(job, stream_of(projected));
    C10_CUDA_KERNEL_LAUNCH_CHECK();
  }
}

}  // namespace

KernelSet kernel_set(at::ScalarType type, const KernelOptions& options) {
  return {.attention = find_attention(options.attention, type, options.fa3_library),
          .pack = pack,
          .modulate = modulate,
          .gated_add = gated_add,
          .mlp_up = mlp_up,
          .copy_slots = copy_slots,
          .fill_normal = fill_normal,
          .decode_tile = decode_tile_on_lasting_threads()};
}

void fill_normal(at::Tensor& out, std::uint64_t seed, std::string_view name, double mean, double deviation) {
  TORCH_CHECK(out.is_contiguous() && out.is_cuda() && has_number(out), "fill_normal writes contiguous GPU tensors");
  const c10::cuda::CUDAGuard guard(out.device());
  fill_normals({.type = number_of(out),
                .out = out.data_ptr(),
                .count = out.numel(),
                .seed = seed,
                .stream = stream_of_name(name),
                .mean = mean,
                .deviation = deviation},
               stream_of(out));
  C10_CUDA_KERNEL_LAUNCH_CHECK();
}

}  // namespace pipedit::executor::kernels::cuda
