#include <fmt/format.h>

#include "models/config_json.h"

namespace pipedit::models {

namespace {

void check(const Fields& fields, const VaeConfig& vae) {
  if (vae.block_out_channels.size() != 4)
    fields.fail("block_out_channels", fmt::format("expected 4 numbers, got {}", vae.block_out_channels.size()));
  for (const std::int64_t channels : vae.block_out_channels)
    if (channels < 1 || channels > kMost || channels % vae.norm_num_groups != 0)
      fields.fail("block_out_channels", fmt::format("expected positive multiples of norm_num_groups = {}, got {}",
                                                    vae.norm_num_groups, channels));
  if (vae.sample_size % kSpaceCompression != 0)
    fields.fail("sample_size", fmt::format("expected a multiple of {}, got {}", kSpaceCompression, vae.sample_size));
  if (vae.sample_tsize % kTimeCompression != 0)
    fields.fail("sample_tsize", fmt::format("expected a multiple of {}, got {}", kTimeCompression, vae.sample_tsize));
  // a stride of zero would never reach the end of the latents
  for (const std::int64_t tile : {vae.sample_size / kSpaceCompression, vae.sample_tsize / kTimeCompression})
    if (static_cast<std::int64_t>(static_cast<double>(tile) * (1 - vae.tile_overlap_factor)) < 1)
      fields.fail("tile_overlap_factor", fmt::format("a tile of {} latents would not move on", tile));
}

}  // namespace

VaeConfig read_vae(Fields fields) {
  VaeConfig vae;
  vae.block_out_channels = fields.integers("block_out_channels");
  vae.layers_per_block = fields.integer("layers_per_block", 1, 64);
  vae.latent_channels = read_size(fields, "latent_channels");
  vae.norm_num_groups = read_size(fields, "norm_num_groups");
  vae.norm_eps = fields.number("norm_eps", 1e-12, 1);
  vae.sample_size = read_size(fields, "sample_size");
  vae.sample_tsize = read_size(fields, "sample_tsize");
  vae.scaling_factor = fields.number("scaling_factor", 1e-6, 1e6);
  vae.tile_overlap_factor = fields.number("tile_overlap_factor", 0, 0.5);
  fields.finish();
  check(fields, vae);
  return vae;
}

Json to_json(const VaeConfig& vae) {
  return {{"block_out_channels", vae.block_out_channels},
          {"layers_per_block", vae.layers_per_block},
          {"latent_channels", vae.latent_channels},
          {"norm_num_groups", vae.norm_num_groups},
          {"norm_eps", vae.norm_eps},
          {"sample_size", vae.sample_size},
          {"sample_tsize", vae.sample_tsize},
          {"scaling_factor", vae.scaling_factor},
          {"tile_overlap_factor", vae.tile_overlap_factor}};
}

}  // namespace pipedit::models
