#include "program/verify/cover.h"

#include <algorithm>
#include <initializer_list>

namespace pipedit::program {

namespace {

using Cuts = std::vector<std::int64_t>;

Cuts cuts_of(std::initializer_list<const std::vector<HeadRows>*> lists, Range HeadRows::*side) {
  Cuts cuts;
  for (const auto* list : lists)
    for (const HeadRows& box : *list) cuts.insert(cuts.end(), {(box.*side).begin, (box.*side).end});
  std::ranges::sort(cuts);
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  return cuts;
}

std::size_t place_of(const Cuts& cuts, std::int64_t cut) {
  return static_cast<std::size_t>(std::ranges::lower_bound(cuts, cut) - cuts.begin());
}

// How often each cell between the cuts is covered.
std::vector<int> counts(const std::vector<HeadRows>& boxes, const Cuts& heads, const Cuts& rows) {
  std::vector<int> result(heads.size() * rows.size(), 0);
  for (const HeadRows& box : boxes)
    for (std::size_t head = place_of(heads, box.heads.begin); head < place_of(heads, box.heads.end); ++head)
      for (std::size_t row = place_of(rows, box.rows.begin); row < place_of(rows, box.rows.end); ++row)
        ++result[head * rows.size() + row];
  return result;
}

}  // namespace

std::optional<Miscount> miscount(const std::vector<HeadRows>& wanted, const std::vector<HeadRows>& given) {
  const Cuts heads = cuts_of({&wanted, &given}, &HeadRows::heads), rows = cuts_of({&wanted, &given}, &HeadRows::rows);
  const std::vector<int> wants = counts(wanted, heads, rows), gives = counts(given, heads, rows);
  for (std::size_t cell = 0; cell < wants.size(); ++cell)
    if (wants[cell] != gives[cell])
      return Miscount{heads[cell / rows.size()], rows[cell % rows.size()], wants[cell], gives[cell]};
  return std::nullopt;
}

}  // namespace pipedit::program
