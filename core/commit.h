#pragma once

namespace pipedit {

// Of the sources that this was built from, "unknown" where those were no checkout; cmake/Commit.cmake defines it.
// A function, since the command and the module that it opens both hold it: as a variable it would be one too many.
const char* commit();

}  // namespace pipedit
