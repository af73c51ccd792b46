#pragma once

#include <string>

#include "core/compare.h"

namespace pipedit::cli {

// In sentences: end to end, what did not find a partner, decisions that differ.
std::string summary_of(const Comparison&);

// The errors by kind as a table.
std::string table_of(const Comparison&);

}  // namespace pipedit::cli
