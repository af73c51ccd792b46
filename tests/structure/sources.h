#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace pipedit::structure {

// The C++ and CUDA files of the rooms, the tests and the benchmarks, sorted, as paths from the root.
std::vector<std::filesystem::path> source_files(const std::filesystem::path& root);

// True where the nearest CMakeLists.txt at or above the file names it, as a path from that CMakeLists.txt's folder.
bool is_listed(const std::filesystem::path& root, const std::filesystem::path& file);

// A whole file as text; throws std::runtime_error where it cannot be opened.
std::string text_of(const std::filesystem::path& path);

}  // namespace pipedit::structure
