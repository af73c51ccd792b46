#pragma once

#include "core/json.h"
#include "core/plan.h"

// For files that hold a plan among other things; only *_json.cpp files include this header.
namespace pipedit {

// The bare object; errors name keys below the path of `fields`.
Plan read_plan(Fields fields);
Json to_json(const Plan&);

}  // namespace pipedit
