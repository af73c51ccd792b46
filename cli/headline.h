#pragma once

#include <string>

#include "core/cluster.h"
#include "core/workload.h"

// What an answer is about, in a line.
namespace pipedit::cli {

std::string to_text(const Cluster&);       // "8 x H200", "1 x CPU, 4 ranks each"
std::string to_text(const RequestShape&);  // "1280x720, 129 frames, 50 steps"
std::string to_text(const Workload&);      // "10 requests of 1280x720, 129 frames, 50 steps"

// Under answers about time.
inline constexpr const char* kNotCounted = "Text encoding is not part of a run yet; its cost is not counted.\n";

}  // namespace pipedit::cli
