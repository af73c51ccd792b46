#include "tests/structure/arrows.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

namespace pipedit::structure {

namespace {

using Names = std::set<std::string, std::less<>>;

// What each part of the tree may include from, beside itself. `cli/module` is the part of cli that is opened on
// demand; a test may use every room, so only its own folder's Torch rule concerns it.
const std::map<std::string, Names, std::less<>>& arrows() {
  static const std::map<std::string, Names, std::less<>> table = {
      {"core", {}},
      {"models", {"core"}},
      {"program", {"core", "models"}},
      {"simulator", {"core", "models", "program"}},
      {"planner", {"core", "models", "program", "simulator"}},
      {"executor", {"core", "models", "program"}},
      {"profiler", {"core", "models", "program", "executor"}},
      {"cli", {"core", "models", "program", "simulator", "planner"}},
      {"cli/module", {"core", "models", "program", "simulator", "planner", "executor", "profiler", "cli"}},
  };
  return table;
}

bool starts_with_any(std::string_view text, const std::vector<std::string_view>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view p) { return text.starts_with(p); });
}

bool may_see_torch(std::string_view path) {
  return starts_with_any(path, {"executor/", "profiler/", "cli/module/", "tests/executor/", "tests/profiler/",
                                "tests/space/", "bench/floors/"});
}

bool is_torch_or_cuda(std::string_view header) {
  return starts_with_any(header, {"ATen/", "c10/", "torch/", "caffe2/", "cuda", "cublas", "cudnn", "cupti", "nccl",
                                  "nvml", "nvtx", "driver_types.h"});
}

std::string_view first_folder(std::string_view path) { return path.substr(0, path.find('/')); }

// The part of the tree that a file belongs to: a key of arrows(), or the first folder (tests, bench).
std::string_view part_of(std::string_view path) {
  return path.starts_with("cli/module/") ? std::string_view("cli/module") : first_folder(path);
}

std::string reason_to_refuse(std::string_view path, char open, std::string_view header) {
  if (is_torch_or_cuda(header) && !may_see_torch(path)) return "LibTorch and CUDA stay in executor and profiler";
  if (open != '"') return "";
  if (header.find('/') == std::string_view::npos) return "a header is named from the root";
  const auto rule = arrows().find(part_of(path));
  if (rule == arrows().end()) return "";
  const std::string_view target = part_of(header);
  if (target == rule->first || rule->second.contains(target)) return "";
  return rule->first + " may not use " + std::string(target);
}

struct Include {
  char open = '<';
  std::string_view header;
};

// `# include <header> // remark` in all its spellings; an empty header where the line is no include.
Include parse_include(std::string_view line) {
  const auto skip_spaces = [&] { line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size())); };
  skip_spaces();
  if (!line.starts_with('#')) return {};
  line.remove_prefix(1);
  skip_spaces();
  if (!line.starts_with("include")) return {};
  line.remove_prefix(7);
  skip_spaces();
  if (!line.starts_with('<') && !line.starts_with('"')) return {};
  const char open = line.front();
  line.remove_prefix(1);
  return {open, line.substr(0, line.find(open == '<' ? '>' : '"'))};
}

}  // namespace

std::vector<std::string> forbidden_includes(std::string_view path, std::string_view text) {
  std::vector<std::string> found;
  std::istringstream lines{std::string(text)};
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    const Include include = parse_include(line);
    if (include.header.empty()) continue;
    const std::string reason = reason_to_refuse(path, include.open, include.header);
    if (reason.empty()) continue;
    found.push_back(std::string(path) + ":" + std::to_string(number) + ": " + std::string(include.header) + ": " +
                    reason);
  }
  return found;
}

}  // namespace pipedit::structure
