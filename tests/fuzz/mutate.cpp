#include "tests/fuzz/mutate.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace pipedit::fuzz {

namespace {

std::size_t below(Random& random, std::size_t bound) { return bound == 0 ? 0 : random() % bound; }

template <std::size_t N>
std::string_view pick(Random& random, const std::array<std::string_view, N>& choices) {
  return choices[below(random, N)];
}

struct Slice {
  std::size_t at = 0, size = 0;
};

Slice draw_slice(const std::string& text, Random& random) {
  const std::size_t at = below(random, text.size());
  return {at, 1 + below(random, std::min<std::size_t>(text.size() - at, 40))};
}

constexpr std::string_view kWord = "0123456789.+-abcdefghijklmnopqrstuvwxyzE_";

// The whole number or word around a random place, or the string that a quote there opens, or one other character.
Slice draw_token(const std::string& text, Random& random) {
  const std::size_t place = below(random, text.size());
  if (text[place] == '"') return {place, std::min(text.find('"', place + 1), text.size() - 1) - place + 1};
  const std::size_t before = place == 0 ? std::string::npos : text.find_last_not_of(kWord, place - 1);
  const std::size_t begin = before == std::string::npos ? 0 : before + 1;
  if (kWord.find(text[place]) == std::string_view::npos) return {place, 1};
  return {begin, std::min(text.find_first_not_of(kWord, place), text.size()) - begin};
}

void flip_bits(std::string& text, Random& random) {
  for (std::size_t left = 1 + below(random, 4); left > 0; --left)
    text[below(random, text.size())] ^= static_cast<char>(1U << below(random, 8));
}

void truncate(std::string& text, Random& random) { text.resize(below(random, text.size())); }

void drop_slice(std::string& text, Random& random) {
  const Slice slice = draw_slice(text, random);
  text.erase(slice.at, slice.size);
}

void repeat_slice(std::string& text, Random& random) {
  const Slice slice = draw_slice(text, random);
  text.insert(below(random, text.size()), text.substr(slice.at, slice.size));
}

void splice_token(std::string& text, const std::vector<std::string>& others, Random& random) {
  const std::string& other = others[below(random, others.size())];
  const Slice from = draw_token(other, random), to = draw_token(text, random);
  text.replace(to.at, to.size, other.substr(from.at, from.size));
}

void replace_token(std::string& text, Random& random) {
  constexpr std::array<std::string_view, 22> kTokens = {"null",
                                                        "true",
                                                        "{}",
                                                        "[]",
                                                        "[[]]",
                                                        "\"\"",
                                                        "\"\\u0000\"",
                                                        "\"\\ud800\"",
                                                        "{\"a\": 1}",
                                                        "NaN",
                                                        "/* */",
                                                        "0",
                                                        "-0",
                                                        "-1",
                                                        "1.5",
                                                        "1e3",
                                                        "1e308",
                                                        "1e999",
                                                        "2147483648",
                                                        "9223372036854775807",
                                                        "18446744073709551615",
                                                        "-99999999999999999999999"};
  const Slice slice = draw_token(text, random);
  text.replace(slice.at, slice.size, pick(random, kTokens));
}

void nest_brackets(std::string& text, Random& random) {
  constexpr std::array<std::string_view, 3> kOpenings = {"[", "{\"a\":", "[{\"a\":"};
  const std::string_view opening = pick(random, kOpenings);
  const std::size_t depth = std::size_t{1} << below(random, 15);
  std::string nest;
  for (std::size_t i = 0; i < depth; ++i) nest += opening;
  text.insert(below(random, text.size()), nest);
}

void insert_structure(std::string& text, Random& random) {
  constexpr std::string_view kStructure =
      "{}[]\",:\\\n\0\xff\xc0"
      "eE-+.";
  text.insert(text.begin() + static_cast<std::ptrdiff_t>(below(random, text.size())),
              kStructure[below(random, kStructure.size())]);
}

void mutate(std::string& text, const std::vector<std::string>& others, Random& random) {
  switch (below(random, 16)) {
    case 0:
      return truncate(text, random);
    case 1:
      return nest_brackets(text, random);
    case 2:
    case 3:
      return flip_bits(text, random);
    case 4:
    case 5:
      return drop_slice(text, random);
    case 6:
    case 7:
      return repeat_slice(text, random);
    case 8:
    case 9:
      return insert_structure(text, random);
    case 10:
    case 11:
    case 12:
      return splice_token(text, others, random);
    default:
      return replace_token(text, random);
  }
}

}  // namespace

std::string mutated(std::string text, const std::vector<std::string>& others, Random& random) {
  const std::size_t count = below(random, 2) == 0 ? 1 : 2 + below(random, 3);
  for (std::size_t left = count; left > 0 && !text.empty(); --left) mutate(text, others, random);
  return text;
}

}  // namespace pipedit::fuzz
