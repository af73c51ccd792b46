#include "bench/floors/rates.h"

#include <algorithm>
#include <type_traits>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cudnn_convolution.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/randn.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <fmt/format.h>

#include "bench/floors/stopwatch.h"
#include "executor/kernels/cuda/attention.h"
#include "executor/kernels/linear.h"
#include "models/hunyuanvideo/tiling.h"
#include "program/lower/context.h"

namespace pipedit::bench {

namespace {

namespace kernels = executor::kernels;

const at::TensorOptions kNumbers = at::TensorOptions(at::kBFloat16).device(at::kCUDA, 0);

at::Tensor drawn(at::IntArrayRef sizes) { return at::randn(sizes, kNumbers); }

Rate product(std::int64_t rows, std::int64_t in, std::int64_t out) {
  const at::Tensor x = drawn({rows, in}), y = at::empty({rows, out}, kNumbers);
  const kernels::Linear layer{drawn({out, in}), drawn({out})};
  const double seconds = shortest_seconds([&] { kernels::linear(x, layer, y); });
  return {fmt::format("{} x {} x {}", rows, in, out), 2.0 * static_cast<double>(rows * in * out) / seconds};
}

Rate attention(const std::string& name, const std::filesystem::path& library, std::int64_t heads, std::int64_t rows,
               std::int64_t dim) {
  const auto kernel = kernels::cuda::find_attention(name, at::kBFloat16, library);
  const at::Tensor q = drawn({heads, rows, dim}), k = drawn({heads, rows, dim}), v = drawn({heads, rows, dim});
  const std::vector<kernels::AttentionHeads> items{{q, 0, k, v, at::empty_like(q)}};
  const double seconds = shortest_seconds([&] { kernel(items); });
  const double work = 4.0 * static_cast<double>(heads * rows) * static_cast<double>(rows * dim);
  return {fmt::format("{} of {} heads, {} rows", name, heads, rows), work / seconds};
}

struct ConvolutionCase {
  std::int64_t in, out, frames, side;
};

Rate convolution(const ConvolutionCase& size, bool channels_last, bool search) {
  const auto format = channels_last ? at::MemoryFormat::ChannelsLast3d : at::MemoryFormat::Contiguous;
  Rate rate{fmt::format("{} to {} channels, {} x {} x {}, {}{}", size.in, size.out, size.frames, size.side, size.side,
                        channels_last ? "channels last" : "channels first", search ? ", searched" : ""),
            0};
  const at::Tensor x = drawn({1, size.in, size.frames + 2, size.side + 2, size.side + 2}).contiguous(format);
  const at::Tensor weight = (drawn({size.out, size.in, 3, 3, 3}) * 0.02).contiguous(format);
  const double positions = static_cast<double>(size.frames * size.side * size.side);
  try {
    const double seconds = shortest_seconds([&] {
      at::cudnn_convolution(x, weight, {0, 0, 0}, {1, 1, 1}, {1, 1, 1}, 1, search, /*deterministic=*/true, false);
    });
    rate.per_second = 54 * static_cast<double>(size.in * size.out) * positions / seconds;
  } catch (const c10::Error& e) {
    rate.what += fmt::format(" ({})", e.what_without_backtrace());
  }
  return rate;
}

// Of whole tiles: what the decoder spends its time in.
std::vector<ConvolutionCase> convolution_cases(const models::VaeConfig& vae) {
  const std::vector<std::int64_t>& channels = vae.block_out_channels;
  const std::int64_t side = vae.sample_size, latents = vae.sample_tsize / models::kTimeCompression + 1;
  const std::int64_t frames = models::hunyuanvideo::decoded_frames(latents), half = 2 * latents - 1;
  return {{channels[0], channels[0], frames, side},
          {channels[1], channels[1], frames, side},
          {channels[1], channels[1], half, side / 2},
          {channels[2], channels[2], half, side / 2},
          {channels[3], channels[3], latents, side / 4}};
}

Rate copy() {
  constexpr std::int64_t kBytes = std::int64_t{2} << 30;
  const at::Tensor from = drawn({kBytes / 2}), to = at::empty_like(from);
  return {"2 GiB", 2.0 * kBytes / shortest_seconds([&] { to.copy_(from); })};
}

// Large blocks of one measurement would keep the next from getting theirs.
template <class... Arguments>
void measure(std::vector<Rate>& rates, Rate (*measured)(Arguments...), std::type_identity_t<Arguments>... arguments) {
  rates.push_back(measured(arguments...));
  c10::cuda::CUDACachingAllocator::emptyCache();
}

}  // namespace

Rate best(const std::vector<Rate>& rates) {
  return *std::max_element(rates.begin(), rates.end(),
                           [](const Rate& a, const Rate& b) { return a.per_second < b.per_second; });
}

std::int64_t rows_of(const models::Model& model, const RequestShape& shape) {
  const auto sizes = program::lowering::sizes_of(model, shape);
  return sizes.video_rows + sizes.text_rows;
}

Rates measure_rates(const models::Model& model, const std::vector<RequestShape>& shapes,
                    const std::filesystem::path& fa3_library) {
  Rates rates;
  measure(rates.copies, copy);
  const models::DitConfig& dit = model.dit;
  for (const RequestShape& shape : shapes) {
    const std::int64_t rows = rows_of(model, shape);
    measure(rates.products, product, rows, dit.hidden_size, dit.hidden_size);
    measure(rates.products, product, rows, dit.hidden_size, dit.mlp_width);
    measure(rates.products, product, rows, dit.mlp_width, dit.hidden_size);
    measure(rates.attention, attention, "cudnn", "", dit.num_heads, rows, dit.head_dim);
    if (!fa3_library.empty())
      measure(rates.attention, attention, "fa3", fa3_library, dit.num_heads, rows, dit.head_dim);
  }
  for (const ConvolutionCase& size : convolution_cases(model.vae)) {
    measure(rates.convolutions, convolution, size, false, false);
    measure(rates.convolutions, convolution, size, true, false);
    measure(rates.convolutions, convolution, size, true, true);
  }
  return rates;
}

}  // namespace pipedit::bench
