#include "executor/kernels/pack.h"

#include <cmath>
#include <type_traits>

#include <ATen/Dispatch.h>

namespace pipedit::executor::kernels {

namespace {

template <class T>
using Wide = std::conditional_t<std::is_same_v<T, double>, double, float>;

template <class T>
void norm(const T* in, const T* gain, std::int64_t dim, double eps, Wide<T>* out) {
  Wide<T> squares = 0;
  for (std::int64_t i = 0; i < dim; ++i) squares += static_cast<Wide<T>>(in[i]) * static_cast<Wide<T>>(in[i]);
  const Wide<T> factor = 1 / std::sqrt(squares / static_cast<Wide<T>>(dim) + static_cast<Wide<T>>(eps));
  for (std::int64_t i = 0; i < dim; ++i) {
    const T normed = static_cast<T>(static_cast<Wide<T>>(in[i]) * factor);
    out[i] = static_cast<Wide<T>>(static_cast<T>(normed * gain[i]));
  }
}

template <class W>
void turn(W* x, const float* cos, const float* sin, std::int64_t dim) {
  for (std::int64_t p = 0; 2 * p < dim; ++p) {
    const W c = cos[p], s = sin[p], a = x[2 * p], b = x[2 * p + 1];
    x[2 * p] = a * c - b * s;
    x[2 * p + 1] = b * c + a * s;
  }
}

// What one call works with, as pointers.
template <class T>
struct Job {
  const T* gain;
  double eps;
  const float* cos;
  const float* sin;
  std::int64_t dim;
};

template <class T>
void pack_row(const Job<T>& job, const T* in, std::int64_t row, T* out) {
  constexpr std::int64_t kLargestHead = 1024;
  Wide<T> x[kLargestHead];
  TORCH_INTERNAL_ASSERT_DEBUG_ONLY(job.dim <= kLargestHead);
  if (job.gain != nullptr)
    norm(in, job.gain, job.dim, job.eps, x);
  else
    for (std::int64_t i = 0; i < job.dim; ++i) x[i] = static_cast<Wide<T>>(in[i]);
  const std::int64_t pairs = job.dim / 2;
  if (job.cos != nullptr) turn(x, job.cos + row * pairs, job.sin + row * pairs, job.dim);
  for (std::int64_t i = 0; i < job.dim; ++i) out[i] = static_cast<T>(x[i]);
}

template <class T>
void pack_heads(const at::Tensor& projected, const Job<T>& job, std::span<const PackedHead> heads) {
  const T* rows = projected.const_data_ptr<T>();
  for (const PackedHead& packed : heads) {
    T* out = packed.out.mutable_data_ptr<T>();
    for (std::int64_t row = 0; row < projected.size(0); ++row)
      pack_row(job, rows + row * projected.stride(0) + packed.head * job.dim, row, out + row * packed.out.stride(0));
  }
}

}  // namespace

void check_pack(const at::Tensor& projected, std::int64_t head_dim, const PackOptions& options,
                std::span<const PackedHead> heads) {
  TORCH_CHECK(head_dim <= 1024 && projected.size(1) % head_dim == 0, "pack: head_dim ", head_dim);
  if (options.rope != nullptr)
    TORCH_CHECK(options.rope->cos.size(0) == projected.size(0), "pack: the tables have other rows");
  for (const PackedHead& head : heads) {
    TORCH_CHECK(head.out.size(0) == projected.size(0) && head.out.size(1) == head_dim && head.out.stride(1) == 1,
                "pack: destination of head ", head.head);
    TORCH_CHECK((head.head + 1) * head_dim <= projected.size(1), "pack: no head ", head.head);
  }
}

void pack(const at::Tensor& projected, std::int64_t head_dim, const PackOptions& options,
          std::span<const PackedHead> heads) {
  TORCH_CHECK(projected.is_cpu() && projected.stride(1) == 1, "pack reads rows of a CPU tensor");
  check_pack(projected, head_dim, options, heads);
  AT_DISPATCH_FLOATING_TYPES_AND(at::kBFloat16, projected.scalar_type(), "pack", [&] {
    const Job<scalar_t> job{options.gain.defined() ? options.gain.const_data_ptr<scalar_t>() : nullptr, options.eps,
                            options.rope != nullptr ? options.rope->cos.const_data_ptr<float>() : nullptr,
                            options.rope != nullptr ? options.rope->sin.const_data_ptr<float>() : nullptr, head_dim};
    pack_heads(projected, job, heads);
  });
}

}  // namespace pipedit::executor::kernels
