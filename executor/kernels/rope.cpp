#include "executor/kernels/rope.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <ATen/ops/empty.h>

namespace pipedit::executor::kernels {

namespace {

// Along one axis of the grid: [positions, dims / 2].
struct AxisTable {
  std::vector<float> cos, sin;
  std::int64_t pairs = 0;
};

// fp32 throughout, as the references: the last bits of the tables belong to the model.
AxisTable axis_table(std::int64_t positions, std::int64_t dims, double theta) {
  AxisTable table{{}, {}, dims / 2};
  for (std::int64_t position = 0; position < positions; ++position)
    for (std::int64_t i = 0; i < dims; i += 2) {
      const float frequency =
          1.0f / std::pow(static_cast<float>(theta), static_cast<float>(i) / static_cast<float>(dims));
      const float angle = static_cast<float>(position) * frequency;
      table.cos.push_back(std::cos(angle));
      table.sin.push_back(std::sin(angle));
    }
  return table;
}

}  // namespace

RopeTables rope_tables(std::array<std::int64_t, 3> grid, std::array<std::int64_t, 3> dims, double theta, Range rows) {
  const std::int64_t pairs = (dims[0] + dims[1] + dims[2]) / 2;
  const std::int64_t video = grid[0] * grid[1] * grid[2];
  RopeTables tables{at::empty({rows.size(), pairs}, at::kFloat), at::empty({rows.size(), pairs}, at::kFloat)};
  const std::array<AxisTable, 3> axes{axis_table(grid[0], dims[0], theta), axis_table(grid[1], dims[1], theta),
                                      axis_table(grid[2], dims[2], theta)};
  float* cos = tables.cos.mutable_data_ptr<float>();
  float* sin = tables.sin.mutable_data_ptr<float>();
  for (std::int64_t row = rows.begin; row < rows.end; ++row) {
    std::array<std::int64_t, 3> position{};
    if (row < video) position = {row / (grid[1] * grid[2]), row / grid[2] % grid[1], row % grid[2]};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const auto& [axis_cos, axis_sin, width] = axes[axis];
      cos = std::copy_n(axis_cos.data() + position[axis] * width, width, cos);
      sin = std::copy_n(axis_sin.data() + position[axis] * width, width, sin);
    }
  }
  return tables;
}

}  // namespace pipedit::executor::kernels
