#include "models/hunyuanvideo/schedule.h"

#include <bit>

namespace pipedit::models::hunyuanvideo {

std::vector<float> sigmas(std::int64_t steps, double shift) {
  std::vector<float> values;
  for (std::int64_t i = 0; i <= steps; ++i) {
    const double u = static_cast<double>(steps - i) / static_cast<double>(steps);
    values.push_back(static_cast<float>(shift * u / (1 + (shift - 1) * u)));
  }
  return values;
}

std::vector<float> timesteps(const std::vector<float>& sigmas) {
  std::vector<float> times;
  for (std::size_t i = 0; i + 1 < sigmas.size(); ++i) times.push_back(sigmas[i] * 1000.0f);
  return times;
}

float guidance_input(double guidance) {
  // round to nearest, ties to even, on the upper half of the bits
  const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(guidance * 1000));
  return std::bit_cast<float>((bits + 0x7fffu + ((bits >> 16) & 1u)) & 0xffff0000u);
}

}  // namespace pipedit::models::hunyuanvideo
