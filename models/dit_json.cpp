#include <fmt/format.h>

#include "core/workload.h"
#include "models/config_json.h"

namespace pipedit::models {

namespace {

constexpr std::int64_t kMostBlocks = 1000;  // each is gone through by name

std::array<std::int64_t, 3> triple(Fields& fields, const char* key) {
  const std::vector<std::int64_t> values = fields.integers(key);
  if (values.size() != 3) fields.fail(key, fmt::format("expected 3 numbers, got {}", values.size()));
  for (const std::int64_t value : values)
    if (value < 1 || value > kMost) fields.fail(key, fmt::format("expected 1 to {}, got {}", kMost, value));
  return {values[0], values[1], values[2]};
}

void check(const Fields& fields, const DitConfig& dit) {
  if (dit.hidden_size != dit.num_heads * dit.head_dim)
    fields.fail("hidden_size", fmt::format("expected num_heads * head_dim = {}, got {}", dit.num_heads * dit.head_dim,
                                           dit.hidden_size));
  const auto& rope = dit.rope_dims_thw;
  if (rope[0] + rope[1] + rope[2] != dit.head_dim)
    fields.fail("rope_dims_thw",
                fmt::format("expected a sum of head_dim = {}, got {}", dit.head_dim, rope[0] + rope[1] + rope[2]));
  for (const std::int64_t dims : rope)
    if (dims % 2 != 0) fields.fail("rope_dims_thw", fmt::format("expected even numbers (pairs turn), got {}", dims));
  if (dit.patch_size[0] != 1)
    fields.fail("patch_size", fmt::format("expected one frame a token, got {}", dit.patch_size[0]));
  for (const std::int64_t side : {dit.patch_size[1], dit.patch_size[2]})
    if (kVideoMultiple / kSpaceCompression % side != 0)
      fields.fail("patch_size",
                  fmt::format("expected what divides the latents of {} pixels, got {}", kVideoMultiple, side));
  if (dit.out_channels != dit.in_channels)
    fields.fail("out_channels", fmt::format("expected in_channels = {}, got {}", dit.in_channels, dit.out_channels));
  if (dit.time_sinusoid % 2 != 0) fields.fail("time_sinusoid", "expected an even number");
}

}  // namespace

DitConfig read_dit(Fields fields) {
  DitConfig dit;
  dit.num_double_blocks = fields.integer("num_double_blocks", 1, kMostBlocks);
  dit.num_single_blocks = fields.integer("num_single_blocks", 1, kMostBlocks);
  dit.num_refiner_blocks = fields.integer("num_refiner_blocks", 1, kMostBlocks);
  dit.hidden_size = read_size(fields, "hidden_size");
  dit.num_heads = read_size(fields, "num_heads");
  dit.head_dim = read_size(fields, "head_dim");
  dit.mlp_width = read_size(fields, "mlp_width");
  dit.patch_size = triple(fields, "patch_size");
  dit.in_channels = read_size(fields, "in_channels");
  dit.out_channels = read_size(fields, "out_channels");
  dit.text_dim = read_size(fields, "text_dim");
  dit.pooled_dim = read_size(fields, "pooled_dim");
  dit.text_len = read_size(fields, "text_len");
  dit.rope_dims_thw = triple(fields, "rope_dims_thw");
  dit.rope_theta = fields.number("rope_theta", 1, 1e9);
  dit.ln_eps = fields.number("ln_eps", 1e-12, 1);
  dit.qk_norm_eps = fields.number("qk_norm_eps", 1e-12, 1);
  dit.time_sinusoid = read_size(fields, "time_sinusoid");
  fields.finish();
  check(fields, dit);
  return dit;
}

Json to_json(const DitConfig& dit) {
  return {{"num_double_blocks", dit.num_double_blocks},
          {"num_single_blocks", dit.num_single_blocks},
          {"num_refiner_blocks", dit.num_refiner_blocks},
          {"hidden_size", dit.hidden_size},
          {"num_heads", dit.num_heads},
          {"head_dim", dit.head_dim},
          {"mlp_width", dit.mlp_width},
          {"patch_size", dit.patch_size},
          {"in_channels", dit.in_channels},
          {"out_channels", dit.out_channels},
          {"text_dim", dit.text_dim},
          {"pooled_dim", dit.pooled_dim},
          {"text_len", dit.text_len},
          {"rope_dims_thw", dit.rope_dims_thw},
          {"rope_theta", dit.rope_theta},
          {"ln_eps", dit.ln_eps},
          {"qk_norm_eps", dit.qk_norm_eps},
          {"time_sinusoid", dit.time_sinusoid}};
}

}  // namespace pipedit::models
