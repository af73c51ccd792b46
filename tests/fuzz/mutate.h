#pragma once

#include <random>
#include <string>
#include <vector>

// Valid files made wrong, in ways that break parsers: by bytes, by tokens, by nesting, by size of numbers.
namespace pipedit::fuzz {

using Random = std::mt19937_64;

// `text` with one to four mutations; `others` lend the tokens that are spliced in.
std::string mutated(std::string text, const std::vector<std::string>& others, Random&);

}  // namespace pipedit::fuzz
