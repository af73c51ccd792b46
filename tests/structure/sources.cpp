#include "tests/structure/sources.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

namespace pipedit::structure {

namespace fs = std::filesystem;

std::vector<fs::path> source_files(const fs::path& root) {
  static const std::set<std::string> kEndings = {".h", ".cpp", ".cu", ".cuh"};
  std::vector<fs::path> files;
  for (const char* folder :
       {"core", "models", "program", "simulator", "planner", "executor", "profiler", "cli", "tests", "bench"})
    for (const auto& entry : fs::recursive_directory_iterator(root / folder))
      if (kEndings.contains(entry.path().extension().string())) files.push_back(entry.path().lexically_relative(root));
  std::sort(files.begin(), files.end());
  return files;
}

bool is_listed(const fs::path& root, const fs::path& file) {
  fs::path folder = file.parent_path();
  while (!folder.empty() && !fs::exists(root / folder / "CMakeLists.txt")) folder = folder.parent_path();
  std::istringstream words(text_of(root / folder / "CMakeLists.txt"));
  const std::string wanted = file.lexically_relative(folder).string();
  for (std::string word; words >> word;) {
    word.erase(std::remove(word.begin(), word.end(), ')'), word.end());
    if (word == wanted) return true;
  }
  return false;
}

std::string text_of(const fs::path& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

}  // namespace pipedit::structure
