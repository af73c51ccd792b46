#pragma once

#include <array>
#include <random>
#include <string>
#include <vector>

#include "core/units.h"

// Drawing single values: bounds are inclusive.
namespace pipedit::tests {

using Random = std::mt19937_64;

std::int64_t draw(Random&, std::int64_t low, std::int64_t high);
std::string draw_text(Random&);  // also with quotes, escapes, and letters outside ASCII; may be empty
std::string draw_name(Random&);  // the same without line breaks

inline int draw_int(Random& random, int low, int high) { return static_cast<int>(draw(random, low, high)); }
inline bool draw_bool(Random& random) { return draw(random, 0, 1) == 1; }
inline Nanos draw_time(Random& random, std::int64_t most) { return Nanos{draw(random, 0, most)}; }
inline double draw_real(Random& random, double low, double high) {
  return std::uniform_real_distribution<double>(low, high)(random);
}

template <class Enum, std::size_t N>
Enum draw_of(Random& random, const std::array<Enum, N>& choices) {
  return choices[static_cast<std::size_t>(draw(random, 0, N - 1))];
}

template <class Make>
auto several(Random& random, int low, int high, Make make) {
  std::vector<decltype(make())> values;
  for (int left = draw_int(random, low, high); left > 0; --left) values.push_back(make());
  return values;
}

template <class Id, class Named>
Id draw_id(Random& random, const std::vector<Named>& named) {
  return Id{draw_int(random, 0, static_cast<int>(named.size()) - 1)};
}

}  // namespace pipedit::tests
