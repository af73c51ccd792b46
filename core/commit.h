#pragma once

namespace pipedit {

// Of the sources that this was built from, "unknown" where those were no checkout; cmake/Commit.cmake defines it.
extern const char* const kCommit;

}  // namespace pipedit
