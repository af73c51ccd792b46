#include "program/show/text.h"

#include <algorithm>

#include <fmt/format.h>

namespace pipedit::program {

std::string ranks_text(const std::vector<Rank>& ranks) {
  std::string text = ranks.size() == 1 ? "rank " : "ranks ";
  for (std::size_t i = 0; i < ranks.size();) {
    std::size_t last = i;
    while (last + 1 < ranks.size() && index(ranks[last + 1]) == index(ranks[last]) + 1) ++last;
    if (i > 0) text += ", ";
    text += last == i ? fmt::format("{}", index(ranks[i])) : fmt::format("{}-{}", index(ranks[i]), index(ranks[last]));
    i = last + 1;
  }
  return text;
}

std::string bytes_text(Bytes bytes) {
  constexpr std::string_view kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes.value);
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < std::size(kUnits); ++unit) value /= 1024;
  return unit == 0 ? fmt::format("{} B", bytes.value) : fmt::format("{:.1f} {}", value, kUnits[unit]);
}

std::string name_text(const Program& program, SegmentId id) {
  const std::string& name = program.segment(id).name;
  const auto of_name = [&](const Segment& segment) { return segment.name == name; };
  return std::ranges::count_if(program.segments, of_name) == 1 ? name : fmt::format("{} ({})", name, index(id));
}

std::string range_text(Range range) {
  if (range.empty()) return "none";
  return range.size() == 1 ? fmt::format("{}", range.begin) : fmt::format("{}-{}", range.begin, range.end - 1);
}

}  // namespace pipedit::program
