#include "models/model_json.h"

#include <fmt/format.h>

#include "core/json.h"
#include "models/config_json.h"
#include "models/registry.h"

namespace pipedit::models {

namespace {

constexpr std::string_view kFormat = "pipedit.model";
constexpr int kVersion = 1;
constexpr std::pair<Dtype, std::string_view> kDtypes[] = {{Dtype::bf16, "bf16"}, {Dtype::fp32, "fp32"}};

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

Model read_fields(Fields& fields) {
  Model model;
  model.name = fields.name("name");
  model.family = read_family(fields);
  model.dtype = read_enum<Dtype>(fields, "dtype", kDtypes);
  model.dit = read_dit(fields.object("dit"));
  model.vae = read_vae(fields.object("vae"));
  model.sampler = read_sampler(fields.object("sampler"));
  if (model.dit.in_channels != model.vae.latent_channels)
    fields.fail("vae/latent_channels",
                fmt::format("expected dit/in_channels = {}, got {}", model.dit.in_channels, model.vae.latent_channels));
  return model;
}

}  // namespace

Model parse_model(std::string_view text) { return parse_format(text, kFormat, kVersion, read_fields); }

Model read_model(const std::filesystem::path& path) { return parse_file(path, parse_model); }

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
