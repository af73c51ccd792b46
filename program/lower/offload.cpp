#include "program/lower/offload.h"

#include <algorithm>

#include "models/registry.h"

namespace pipedit::program::lowering {

namespace {

const char* stage_of(Phase phase) { return phase == Phase::denoise ? "transformer" : "decoder"; }

bool is_of(Phase phase, const std::string& weight) { return weight.starts_with("vae.") == (phase == Phase::decode); }

WeightSet make_set(const models::Model& model, Phase phase) {
  const std::int64_t element = size_of(model.dtype == models::Dtype::bf16 ? DType::bf16 : DType::f32);
  WeightSet set{.stage = stage_of(phase), .places = {}};
  for (const models::WeightSpec& spec : models::weights_of(model))
    if (is_of(phase, spec.name)) set.places.push_back({spec.name, {}, Bytes{models::elements(spec.shape) * element}});
  std::ranges::sort(set.places, {}, &WeightPlace::name);
  Bytes end;
  for (WeightPlace& place : set.places) {
    const std::int64_t steps = (end.value + kWeightAlignment.value - 1) / kWeightAlignment.value;
    place.offset = Bytes{steps * kWeightAlignment.value};
    end = place.offset + place.size;
  }
  return set;
}

}  // namespace

WeightSetId weight_set(Program& program, const models::Model& model, Phase phase) {
  const auto found = std::ranges::find(program.weight_sets, stage_of(phase), &WeightSet::stage);
  if (found == program.weight_sets.end()) {
    program.weight_sets.push_back(make_set(model, phase));
    return WeightSetId{static_cast<int>(program.weight_sets.size()) - 1};
  }
  return WeightSetId{static_cast<int>(found - program.weight_sets.begin())};
}

Segment lower_load(const Context& context, BufferTable& table, const std::vector<Rank>& ranks, Phase phase,
                   WeightSetId id, const WeightSet& set, Loaded& loaded) {
  SegmentBuilder builder("load " + set.stage, "");
  loaded.clear();
  for (const Rank rank : ranks) {
    const Extent extent{.rows = 1, .elements = set.extent().value, .type = DType::u8};
    const BufferId weights = table.add(
        {.role = set.stage + " weights", .rank = rank, .extent = extent, .phase = phase, .offset = {}, .holds = id},
        context.request_shape);
    builder.add({.kind = OpKind::load_weights,
                 .rank = rank,
                 .lane = Lane::copy,
                 .shape = BytesShape{set.content()},
                 .reads = {},
                 .writes = {region(weights, {0, 1})},
                 .waits = {}});
    loaded.emplace(rank, weights);
  }
  return builder.take();
}

void use_loaded(Segment& segment, const Loaded& loaded) {
  for (Task& task : segment.tasks)
    if (const auto weights = loaded.find(task.rank); weights != loaded.end() && uses_weights(task.kind))
      task.loaded_weights = weights->second;
}

}  // namespace pipedit::program::lowering
