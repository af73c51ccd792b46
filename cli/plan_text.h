#pragma once

#include <string>

#include "planner/search.h"

namespace pipedit::cli {

// The ranked table, then sentences: what wins, by how much, how far that is proven.
std::string text_of(const planner::Answer&, planner::Objective);

// Why nothing was chosen: the first plan's reason.
std::string reason_of(const planner::Answer&);

}  // namespace pipedit::cli
