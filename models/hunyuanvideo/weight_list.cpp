#include "models/hunyuanvideo/weight_list.h"

namespace pipedit::models::hunyuanvideo {

namespace {

// In boxes of `columns` of the weight's columns; a bias is one column.
std::vector<Source> sources(const Places& places, std::int64_t out, std::int64_t columns, bool is_bias) {
  const std::int64_t rows = out / static_cast<std::int64_t>(places.size());
  std::vector<Source> boxes;
  for (const Place& place : places) {
    Shape shape{place.rows > 0 ? place.rows : rows};
    if (!is_bias) shape.push_back(place.columns > 0 ? place.columns : columns);
    const std::int64_t first_column = is_bias ? 0 : place.first_column;
    boxes.push_back({place.key + (is_bias ? ".bias" : ".weight"),
                     std::move(shape),
                     {place.first_row, place.first_row + rows},
                     {first_column, first_column + columns}});
  }
  return boxes;
}

}  // namespace

void WeightList::linear(const std::string& name, std::int64_t out, std::int64_t in, const Places& official,
                        const Places& diffusers, Init init) {
  weight(name, out, in, official, diffusers, init);
  bias(name, out, official, diffusers);
}

void WeightList::weight(const std::string& name, std::int64_t out, std::int64_t in, const Places& official,
                        const Places& diffusers, Init init) {
  specs.push_back(
      {name + ".weight", {out, in}, sources(official, out, in, false), sources(diffusers, out, in, false), init});
}

void WeightList::bias(const std::string& name, std::int64_t out, const Places& official, const Places& diffusers) {
  specs.push_back(
      {name + ".bias", {out}, sources(official, out, 1, true), sources(diffusers, out, 1, true), Init::bias});
}

void WeightList::gain(const std::string& name, std::int64_t size, const std::string& official,
                      const std::string& diffusers) {
  const auto whole = [&](const std::string& key) {
    return std::vector<Source>{{key + ".weight", {size}, {0, size}, {0, 1}}};
  };
  specs.push_back({name + ".weight", {size}, whole(official), whole(diffusers), Init::gain});
}

}  // namespace pipedit::models::hunyuanvideo
