#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pipedit::structure {

// The #include lines of one file, given by its path from the root, that break a rule. One line each, "path:line: why":
// - a room includes from itself and from the rooms below it, and names its headers from the root;
// - LibTorch, CUDA and NCCL are seen only by the executor, the profiler, the module that holds `run` and `profile`,
//   the tests of those, and the benchmark of GPUs.
std::vector<std::string> forbidden_includes(std::string_view path, std::string_view text);

}  // namespace pipedit::structure
