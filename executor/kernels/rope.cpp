#include "executor/kernels/rope.h"

#include <cmath>
#include <vector>

#include <ATen/ops/empty.h>

namespace pipedit::executor::kernels {

namespace {

// fp32 throughout, as the references: the last bits of the tables belong to the model.
std::vector<float> frequencies(std::int64_t dims, double theta) {
  std::vector<float> values;
  for (std::int64_t i = 0; i < dims; i += 2)
    values.push_back(1.0f / std::pow(static_cast<float>(theta), static_cast<float>(i) / static_cast<float>(dims)));
  return values;
}

void write_row(float* cos, float* sin, const std::array<std::vector<float>, 3>& frequencies,
               const std::array<std::int64_t, 3>& position) {
  for (std::size_t axis = 0; axis < 3; ++axis)
    for (const float frequency : frequencies[axis]) {
      const float angle = static_cast<float>(position[axis]) * frequency;
      *cos++ = std::cos(angle);
      *sin++ = std::sin(angle);
    }
}

}  // namespace

RopeTables rope_tables(std::array<std::int64_t, 3> grid, std::array<std::int64_t, 3> dims, double theta, Range rows) {
  const std::int64_t pairs = (dims[0] + dims[1] + dims[2]) / 2;
  const std::int64_t video = grid[0] * grid[1] * grid[2];
  RopeTables tables{at::empty({rows.size(), pairs}, at::kFloat), at::empty({rows.size(), pairs}, at::kFloat)};
  const std::array<std::vector<float>, 3> turning{frequencies(dims[0], theta), frequencies(dims[1], theta),
                                                  frequencies(dims[2], theta)};
  float* cos = tables.cos.mutable_data_ptr<float>();
  float* sin = tables.sin.mutable_data_ptr<float>();
  for (std::int64_t row = rows.begin; row < rows.end; ++row, cos += pairs, sin += pairs) {
    const std::array<std::int64_t, 3> position{row / (grid[1] * grid[2]), row / grid[2] % grid[1], row % grid[2]};
    write_row(cos, sin, turning, row < video ? position : std::array<std::int64_t, 3>{});
  }
  return tables;
}

}  // namespace pipedit::executor::kernels
