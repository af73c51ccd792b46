#pragma once

#include "core/json.h"
#include "planner/plan_file.h"

// For files and answers that hold what a search found; only *_json.cpp files include this header.
namespace pipedit::planner {

SearchRecord read_search(Fields fields);
Json to_json(const SearchRecord&);
Json to_json(const PlanAnswer&);

}  // namespace pipedit::planner
