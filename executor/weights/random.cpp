#include "executor/weights/random.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <ATen/core/PhiloxRNGEngine.h>
#include <ATen/ops/empty.h>

namespace pipedit::executor {

namespace {

constexpr std::int64_t kPerCounter = 4;   // a Philox counter yields four words: two Box-Muller pairs
constexpr std::int64_t kGrain = 1 << 12;  // counters a thread takes at once

std::array<float, kPerCounter> normals(std::uint64_t seed, std::uint64_t stream, std::uint64_t counter) {
  at::Philox4_32 engine(seed, stream, counter);
  std::array<float, kPerCounter> values{};
  for (std::size_t i = 0; i < values.size(); i += 2) {
    // centres of 2^24 equal cells of (0, 1): the logarithm never meets zero
    const float u = (static_cast<float>(engine() >> 8) + 0.5f) * 0x1p-24f;
    const float angle = static_cast<float>(engine() >> 8) * (0x1p-24f * 2 * std::numbers::pi_v<float>);
    const float radius = std::sqrt(-2 * std::log(u));
    values[i] = radius * std::cos(angle);
    values[i + 1] = radius * std::sin(angle);
  }
  return values;
}

template <class T>
void fill(T* data, std::int64_t size, std::uint64_t seed, std::uint64_t stream, double mean, double deviation) {
  at::parallel_for(0, (size + kPerCounter - 1) / kPerCounter, kGrain, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t counter = begin; counter < end; ++counter) {
      const auto values = normals(seed, stream, static_cast<std::uint64_t>(counter));
      const std::int64_t first = counter * kPerCounter;
      for (std::int64_t i = 0; i < std::min(kPerCounter, size - first); ++i)
        data[first + i] = static_cast<T>(mean + deviation * values[static_cast<std::size_t>(i)]);
    }
  });
}

struct Distribution {
  double mean, deviation;
};

Distribution distribution(const models::WeightSpec& spec) {
  const double fan_in = static_cast<double>(models::elements(spec.shape)) / static_cast<double>(spec.shape[0]);
  switch (spec.init) {
    case models::Init::gemm:
      return {0, 1 / std::sqrt(fan_in)};
    case models::Init::bias:
      return {0, 0.02};
    case models::Init::gain:
      return {1, 0.1};
    case models::Init::modulation:
      return {0, 0.5 / std::sqrt(fan_in)};
  }
  return {0, 0};
}

at::Tensor draw(const models::WeightSpec& spec, std::uint64_t seed, const at::TensorOptions& options, FillNormal fill) {
  at::Tensor weight = at::empty(spec.shape, options);
  const Distribution drawn = distribution(spec);
  fill(weight, seed, spec.name, drawn.mean, drawn.deviation);
  return weight;
}

}  // namespace

std::uint64_t stream_of_name(std::string_view name) {  // FNV-1a
  std::uint64_t value = 0xcbf29ce484222325u;
  for (const char c : name) value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return value;
}

void fill_normal(at::Tensor& out, std::uint64_t seed, std::string_view name, double mean, double deviation) {
  TORCH_CHECK(out.is_contiguous() && out.is_cpu(), "fill_normal writes contiguous CPU tensors");
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kBFloat16, at::kHalf, out.scalar_type(), "fill_normal", [&] {
    fill(out.mutable_data_ptr<scalar_t>(), out.numel(), seed, stream_of_name(name), mean, deviation);
  });
}

WeightStore random_weights(const std::vector<models::WeightSpec>& specs, std::uint64_t seed,
                           const at::TensorOptions& options, FillNormal fill, const EachWeight& each) {
  WeightStore store;
  for (const models::WeightSpec& spec : specs) {
    store.insert(spec.name, draw(spec, seed, options, fill));
    each(store.at(spec.name));
  }
  return store;
}

void draw_weights_into(const WeightStore& store, const std::vector<models::WeightSpec>& specs, std::uint64_t seed,
                       const at::TensorOptions& options, FillNormal fill, const EachWeight& each) {
  for (const models::WeightSpec& spec : specs) each(store.at(spec.name).copy_(draw(spec, seed, options, fill)));
}

}  // namespace pipedit::executor
