#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/units.h"

// Quantities as people write and read them.
namespace pipedit::cli {

// "70GiB", "80GB", "512 MiB", "1.5e9B": a number and a unit of bytes, by 1024 or by 1000. Nothing where it is neither,
// and where it is not at least one byte.
std::optional<Bytes> parse_bytes(std::string_view text);

// "1280x720": width and height. Nothing where it is something else.
std::optional<std::pair<int, int>> parse_extent(std::string_view text);

std::string to_text(Bytes);            // "71.3 GiB"
std::string to_text(Nanos);            // "412 ns", "3.21 ms", "74.3 s", "12 min 05 s": about three digits
std::string duration(Nanos);           // "74 s", "12 min": for a person who waits
std::string percent(double fraction);  // "+2.3 %"
std::string share(double fraction);    // "2.3 %"

}  // namespace pipedit::cli
