#include "models/hunyuanvideo/weights.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "models/model_json.h"
#include "models/registry.h"

namespace pipedit::models {
namespace {

Model named(const std::string& name) {
  return read_model(std::string(PIPEDIT_SOURCE_DIR "/configs/models/") + name + ".json");
}

std::int64_t elements_under(const std::vector<WeightSpec>& specs, const std::string& prefix) {
  std::int64_t sum = 0;
  for (const WeightSpec& spec : specs)
    if (spec.name.starts_with(prefix)) sum += elements(spec.shape);
  return sum;
}

std::int64_t stored_elements(const std::map<std::string, Shape>& tensors) {
  std::int64_t sum = 0;
  for (const auto& [key, shape] : tensors) sum += elements(shape);
  return sum;
}

// Figures of the official modules at full width.
TEST(HunyuanVideoWeights, FullSizeTransformerHasTheOfficialSums) {
  const std::vector<WeightSpec> specs = hunyuanvideo::dit_weights(named("hunyuanvideo").dit);
  EXPECT_EQ(parameter_count(specs), 12'821'012'544);
  EXPECT_EQ(elements_under(specs, "double.7."), 339'831'296);
  EXPECT_EQ(elements_under(specs, "single.39."), 141'591'808);
  EXPECT_EQ(elements_under(specs, "embed."), 199'680);
  EXPECT_EQ(elements_under(specs, "refiner."), 309'175'296);
  EXPECT_EQ(elements_under(specs, "time."), 10'229'760);
  EXPECT_EQ(elements_under(specs, "guidance."), 10'229'760);
  EXPECT_EQ(elements_under(specs, "pooled."), 11'802'624);
  EXPECT_EQ(elements_under(specs, "final."), 19'077'184);
}

TEST(HunyuanVideoWeights, TheRefinersWidthDoesNotFollowThatOfTheBlocks) {
  DitConfig dit = named("hunyuanvideo").dit;
  dit.mlp_width = 2 * dit.hidden_size;
  const std::vector<WeightSpec> specs = hunyuanvideo::dit_weights(dit);
  EXPECT_EQ(elements_under(specs, "refiner."), 309'175'296);
  EXPECT_EQ(elements_under(specs, "double.7.video.fc1."), 2 * 3072 * (3072 + 1));
}

TEST(HunyuanVideoWeights, FullSizeDecoderHasTheOfficialSum) {
  EXPECT_EQ(parameter_count(hunyuanvideo::vae_weights(named("hunyuanvideo").vae)), 146'136'339);
}

TEST(HunyuanVideoWeights, BothNamingsStoreTheSameParameters) {
  const std::vector<WeightSpec> specs = hunyuanvideo::dit_weights(named("hunyuanvideo").dit);
  const auto official = stored_tensors(specs, Naming::official);
  const auto diffusers = stored_tensors(specs, Naming::diffusers);
  EXPECT_EQ(official.size(), 856u);
  EXPECT_EQ(diffusers.size(), 1264u);
  EXPECT_EQ(stored_elements(official), 12'821'012'544);
  EXPECT_EQ(stored_elements(diffusers), 12'821'012'544);
}

TEST(HunyuanVideoWeights, EveryStoredElementIsTakenOnce) {
  const std::vector<WeightSpec> specs = weights_of(named("hunyuanvideo-tiny"));
  for (const Naming naming : {Naming::official, Naming::diffusers}) {
    std::map<std::string, std::set<std::pair<std::int64_t, std::int64_t>>> taken;  // (row, first column) of each key
    std::map<std::string, std::int64_t> count;
    for (const WeightSpec& spec : specs)
      for (const Source& source : spec.sources(naming)) {
        count[source.key] += source.rows.size() * source.columns.size();
        for (std::int64_t row = source.rows.begin; row < source.rows.end; ++row)
          EXPECT_TRUE(taken[source.key].emplace(row, source.columns.begin).second) << source.key << " row " << row;
      }
    for (const auto& [key, shape] : stored_tensors(specs, naming)) EXPECT_EQ(count[key], elements(shape)) << key;
  }
}

TEST(HunyuanVideoWeights, SourcesHoldAsMuchAsTheWeight) {
  std::set<std::string> names;
  for (const WeightSpec& spec : weights_of(named("hunyuanvideo-tiny"))) {
    EXPECT_TRUE(names.insert(spec.name).second) << spec.name;
    for (const Naming naming : {Naming::official, Naming::diffusers}) {
      std::int64_t sum = 0;
      for (const Source& source : spec.sources(naming)) sum += source.rows.size() * source.columns.size();
      EXPECT_EQ(sum, elements(spec.shape)) << spec.name;
    }
  }
}

TEST(HunyuanVideoWeights, LastModulationIsStoredInOppositeOrders) {
  const std::vector<WeightSpec> specs = hunyuanvideo::dit_weights(named("hunyuanvideo").dit);
  for (const WeightSpec& spec : specs) {
    if (spec.name == "final.shift.weight") {
      EXPECT_EQ(spec.official[0].rows, (Range{0, 3072}));
      EXPECT_EQ(spec.diffusers[0].rows, (Range{3072, 6144}));
    }
    if (spec.name == "final.scale.weight") {
      EXPECT_EQ(spec.official[0].rows, (Range{3072, 6144}));
      EXPECT_EQ(spec.diffusers[0].rows, (Range{0, 3072}));
    }
  }
}

}  // namespace
}  // namespace pipedit::models
