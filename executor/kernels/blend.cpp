#include "executor/kernels/blend.h"

#include <algorithm>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/cat.h>

namespace pipedit::executor::kernels {

namespace {

namespace tiling = models::hunyuanvideo;

// Along dimension `dim` the first e of b become a mixture with the last e of a: b[j] = a[j] (1 - j/e) + b[j] j/e.
void blend(const at::Tensor& a, at::Tensor& b, std::int64_t dim, std::int64_t width) {
  const std::int64_t e = std::min({a.size(dim), b.size(dim), width});
  if (e == 0) return;
  std::vector<std::int64_t> shape(static_cast<std::size_t>(b.dim()), 1);
  shape[static_cast<std::size_t>(dim)] = e;
  const at::Tensor share = (at::arange(e, b.options().dtype(at::kDouble)) / e).view(shape);
  const at::Tensor end = a.narrow(dim, a.size(dim) - e, e);
  at::Tensor begin = b.narrow(dim, 0, e);
  begin.copy_(end * (1 - share).to(b.scalar_type()) + begin * share.to(b.scalar_type()));
}

at::Tensor at_most(const at::Tensor& x, std::int64_t dim, std::int64_t size) {
  return x.narrow(dim, 0, std::min(size, x.size(dim)));
}

// The layer as one picture; tiles are mixed in place, in order, so that neighbours are mixed already.
at::Tensor join_space(const tiling::AxisTiling& space, const tiling::TileLayer& layer, std::span<at::Tensor> tiles) {
  std::vector<at::Tensor> rows;
  for (std::int64_t i = 0; i < layer.rows; ++i) {
    std::vector<at::Tensor> row;
    for (std::int64_t j = 0; j < layer.columns; ++j) {
      at::Tensor& tile = tiles[static_cast<std::size_t>(i * layer.columns + j)];
      if (i > 0) blend(tiles[static_cast<std::size_t>((i - 1) * layer.columns + j)], tile, 2, space.blend);
      if (j > 0) blend(tiles[static_cast<std::size_t>(i * layer.columns + j - 1)], tile, 3, space.blend);
      row.push_back(at_most(at_most(tile, 2, space.kept), 3, space.kept));
    }
    rows.push_back(at::cat(row, 3));
  }
  return at::cat(rows, 2);
}

}  // namespace

BlendedLayer blend_layer(const models::VaeConfig& vae, const tiling::TileLayer& layer, std::span<at::Tensor> tiles,
                         const at::Tensor& previous_tail) {
  const tiling::AxisTiling time = tiling::time_tiling(vae);
  const bool single = layer.rows * layer.columns == 1;  // a tile alone is not cut to what tiles yield
  at::Tensor frames = single ? tiles[0] : join_space(tiling::space_tiling(vae), layer, tiles);
  frames = frames.narrow(1, layer.dropped, layer.decoded);
  if (previous_tail.defined()) blend(previous_tail, frames, 1, time.blend);
  const std::int64_t tail = std::min(frames.size(1), time.blend);
  return {frames.narrow(1, 0, layer.frames.size()), frames.narrow(1, frames.size(1) - tail, tail)};
}

}  // namespace pipedit::executor::kernels
