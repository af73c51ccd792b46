#pragma once

#include <string>
#include <vector>

#include "core/ids.h"
#include "core/units.h"
#include "program/program.h"

// Small pieces of text that the parts of `show` share.
namespace pipedit::program {

std::string ranks_text(const std::vector<Rank>&);  // "ranks 0-3, 6", ascending
std::string bytes_text(Bytes);                     // "1.5 MiB"
std::string name_text(const Program&, SegmentId);  // "double block", with its number where another has that name too
std::string range_text(Range);                     // "0-31", the last one included; "7"

}  // namespace pipedit::program
