#include "tests/core/draw.h"

namespace pipedit::tests {

std::int64_t draw(Random& random, std::int64_t low, std::int64_t high) {
  return std::uniform_int_distribution<std::int64_t>(low, high)(random);
}

std::string draw_text(Random& random) {
  constexpr std::array<std::string_view, 10> kLetters = {"a",  "b7", "_", " ",      "\"",
                                                         "\\", "\n", "/", "\u00e9", "\u7530"};
  std::string text;
  for (std::int64_t left = draw(random, 0, 8); left > 0; --left) text += draw_of(random, kLetters);
  return text;
}

std::string draw_name(Random& random) {
  std::string name = draw_text(random);
  std::erase(name, '\n');
  return name;
}

}  // namespace pipedit::tests
