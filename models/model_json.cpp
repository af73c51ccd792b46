#include "models/model_json.h"

#include <numeric>

#include <fmt/format.h>

#include "core/json.h"
#include "models/registry.h"

namespace pipedit::models {

namespace {

constexpr std::string_view kFormat = "pipedit.model";
constexpr int kVersion = 1;
constexpr std::int64_t kMost = 1 << 20;  // no width or count of a model comes near; products stay far from overflow
constexpr std::pair<Dtype, std::string_view> kDtypes[] = {{Dtype::bf16, "bf16"}, {Dtype::fp32, "fp32"}};

std::int64_t size(Fields& fields, const char* key) { return fields.integer(key, 1, kMost); }

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
  if (dit.time_sinusoid % 2 != 0) fields.fail("time_sinusoid", "expected an even number");
}

DitConfig read_dit(Fields fields) {
  DitConfig dit;
  dit.num_double_blocks = size(fields, "num_double_blocks");
  dit.num_single_blocks = size(fields, "num_single_blocks");
  dit.num_refiner_blocks = size(fields, "num_refiner_blocks");
  dit.hidden_size = size(fields, "hidden_size");
  dit.num_heads = size(fields, "num_heads");
  dit.head_dim = size(fields, "head_dim");
  dit.mlp_width = size(fields, "mlp_width");
  dit.patch_size = triple(fields, "patch_size");
  dit.in_channels = size(fields, "in_channels");
  dit.out_channels = size(fields, "out_channels");
  dit.text_dim = size(fields, "text_dim");
  dit.pooled_dim = size(fields, "pooled_dim");
  dit.text_len = size(fields, "text_len");
  dit.rope_dims_thw = triple(fields, "rope_dims_thw");
  dit.rope_theta = fields.number("rope_theta", 1, 1e9);
  dit.ln_eps = fields.number("ln_eps", 1e-12, 1);
  dit.qk_norm_eps = fields.number("qk_norm_eps", 1e-12, 1);
  dit.time_sinusoid = size(fields, "time_sinusoid");
  fields.finish();
  check(fields, dit);
  return dit;
}

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

VaeConfig read_vae(Fields fields) {
  VaeConfig vae;
  vae.block_out_channels = fields.integers("block_out_channels");
  vae.layers_per_block = fields.integer("layers_per_block", 1, 64);
  vae.latent_channels = size(fields, "latent_channels");
  vae.norm_num_groups = size(fields, "norm_num_groups");
  vae.norm_eps = fields.number("norm_eps", 1e-12, 1);
  vae.sample_size = size(fields, "sample_size");
  vae.sample_tsize = size(fields, "sample_tsize");
  vae.scaling_factor = fields.number("scaling_factor", 1e-6, 1e6);
  vae.tile_overlap_factor = fields.number("tile_overlap_factor", 0, 0.5);
  fields.finish();
  check(fields, vae);
  return vae;
}

SamplerConfig read_sampler(Fields fields) {
  SamplerConfig sampler;
  sampler.steps = fields.integer("steps", 1, 10000);
  sampler.shift = fields.number("shift", 1e-3, 1e3);
  sampler.guidance = fields.number("guidance", 0, 1e3);
  fields.finish();
  return sampler;
}

std::string read_family(Fields& fields) {
  const std::string family = fields.string("family");
  if (find_family(family) == nullptr)
    fields.fail("family", fmt::format("expected {}, got \"{}\"", list_of_choices(family_names()), family));
  return family;
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

}  // namespace

Model parse_model(std::string_view text) {
  const Json json = parse_json(text);
  Fields fields(json, "");
  read_header(fields, kFormat, kVersion);
  Model model;
  model.name = fields.string("name");
  model.family = read_family(fields);
  model.dtype = read_enum<Dtype>(fields, "dtype", kDtypes);
  model.dit = read_dit(fields.object("dit"));
  model.vae = read_vae(fields.object("vae"));
  model.sampler = read_sampler(fields.object("sampler"));
  fields.finish();
  if (model.dit.in_channels != model.vae.latent_channels)
    fields.fail("vae/latent_channels",
                fmt::format("expected dit/in_channels = {}, got {}", model.dit.in_channels, model.vae.latent_channels));
  return model;
}

Model read_model(const std::filesystem::path& path) try { return parse_model(read_text(path)); } catch (Error& e) {
  e.add_context("reading model " + path.string());
  throw;
}

std::string write_model(const Model& model) {
  Json json = header(kFormat, kVersion);
  json["name"] = model.name;
  json["family"] = model.family;
  json["dtype"] = pipedit::name_of<Dtype>(kDtypes, model.dtype);
  json["dit"] = to_json(model.dit);
  json["vae"] = to_json(model.vae);
  json["sampler"] = {
      {"steps", model.sampler.steps}, {"shift", model.sampler.shift}, {"guidance", model.sampler.guidance}};
  return json.dump(2) + "\n";
}

}  // namespace pipedit::models
