#pragma once

#include <string>
#include <vector>

#include "planner/search.h"

namespace pipedit::cli {

// The ranked table, then sentences: what wins, by how much, `why`, how far that is proven.
std::string text_of(const planner::Answer&, planner::Objective, const std::vector<std::string>& why);

// Why nothing was chosen: the first plan's reason.
std::string reason_of(const planner::Answer&);

}  // namespace pipedit::cli
