#pragma once

#include <string_view>

// What the reader and the writer of timeline files share.
namespace pipedit {

inline constexpr std::string_view kTimelineFormat = "pipedit.timeline";
inline constexpr int kTimelineVersion = 1;

// By Provenance.
inline constexpr const char* kProvenances[] = {"exact", "interpolated", "extrapolated", "analytic", "measured"};

}  // namespace pipedit
