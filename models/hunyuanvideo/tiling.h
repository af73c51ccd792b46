#pragma once

#include <cstdint>
#include <vector>

#include "core/units.h"
#include "models/model.h"

namespace pipedit::models::hunyuanvideo {

// How one axis is cut. The statistics of the decoder's norms run over a tile, so the tiling is part of the model.
struct AxisTiling {
  std::int64_t tile = 0;    // latents
  std::int64_t stride = 0;  // latents between the starts of two tiles
  std::int64_t blend = 0;   // decoded frames or pixels over which two tiles are mixed
  std::int64_t kept = 0;    // decoded frames or pixels that a tile yields
};
AxisTiling time_tiling(const VaeConfig&);
AxisTiling space_tiling(const VaeConfig&);

// A box of latents that is decoded on its own.
struct Tile {
  std::int64_t layer = 0, row = 0, column = 0;  // its place in the grid of time, rows and columns
  Range t, y, x;                                // latents
  friend bool operator==(const Tile&, const Tile&) = default;
};

// The tiles of one stretch of time, and the frames of the video that they yield.
struct TileLayer {
  Range t;  // latents
  std::int64_t rows = 0, columns = 0;
  std::int64_t first_tile = 0;  // in TilePlan::tiles
  std::int64_t dropped = 0;     // decoded frames at its front that the layer before it has already
  std::int64_t decoded = 0;     // decoded frames without the dropped ones
  Range frames;                 // of the video
  friend bool operator==(const TileLayer&, const TileLayer&) = default;
};

struct TilePlan {
  std::vector<Tile> tiles;  // layer by layer, row by row: the order in which the reference decodes
  std::vector<TileLayer> layers;
  std::int64_t frames = 0, height = 0, width = 0;  // of the video, pixels
  friend bool operator==(const TilePlan&, const TilePlan&) = default;
};

// For latents of t frames, h rows and w columns. A stretch of time that would yield no frame is left out. Throws
// InputError where there would be more tiles than anybody can wait for, or tiles that are not cut at whole latents.
TilePlan tile_plan(const VaeConfig&, std::int64_t t, std::int64_t h, std::int64_t w);

// Frames that a decoder makes of t latents: the first latent is one frame, every other is four.
std::int64_t decoded_frames(std::int64_t t);

}  // namespace pipedit::models::hunyuanvideo
