#include "program/show/weights.h"

#include <fmt/format.h>

#include "program/show/text.h"

namespace pipedit::program {

namespace {

std::string_view first_part(const std::string& name) { return std::string_view(name).substr(0, name.find('.')); }

std::string set_text(const WeightSet& set) {
  std::string text = fmt::format("  {}: {} in {} tensors\n", set.stage, bytes_text(set.content()), set.places.size());
  for (std::size_t begin = 0, end = 0; begin < set.places.size(); begin = end) {
    Bytes size;
    const std::string_view part = first_part(set.places[begin].name);
    for (; end < set.places.size() && first_part(set.places[end].name) == part; ++end) size += set.places[end].size;
    text += fmt::format("    at {:>12}  {:>10}  {}: {} tensors\n", set.places[begin].offset.value, bytes_text(size),
                        part, end - begin);
  }
  return text;
}

}  // namespace

std::string show_weights(const Program& program) {
  if (program.weight_sets.empty()) return {};
  std::string text = "weights loaded from the host's copy\n";
  for (const WeightSet& set : program.weight_sets) text += set_text(set);
  return text + '\n';
}

}  // namespace pipedit::program
