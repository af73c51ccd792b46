#pragma once

namespace pipedit::cli {

// The whole program; returns its exit code: 0 done, 1 failed, 2 bad input, 3 no plan fits. Where it is not 0, the last
// line of stderr is "error: ...".
int run_command_line(int argc, const char* const* argv);

}  // namespace pipedit::cli
