#pragma once

#include "core/json.h"
#include "core/workload.h"

// For files that hold a workload among other things; only *_json.cpp files include this header.
namespace pipedit {

// The whole object with its header; errors name keys below the path of `fields`.
Workload read_workload(Fields fields);
Json to_json(const Workload&);

}  // namespace pipedit
