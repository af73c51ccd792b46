#pragma once

namespace pipedit {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace pipedit
