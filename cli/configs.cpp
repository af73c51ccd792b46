#include "cli/configs.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/environment.h"
#include "core/error.h"
#include "models/model_json.h"

namespace pipedit::cli {

namespace {

namespace fs = std::filesystem;

struct Kind {
  const char* folder;
  const char* noun;
};

Kind of(ConfigKind kind) {
  switch (kind) {
    case ConfigKind::model:
      return {"models", "model"};
    case ConfigKind::cluster:
      return {"clusters", "cluster"};
    case ConfigKind::workload:
      return {"workloads", "workload"};
  }
  return {};
}

// The program lies in bin/ of an installation (configs in share/pipedit/) or of a build folder of the source tree.
std::vector<fs::path> candidates() {
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  return {program / "../share/pipedit/configs", program / "../../../configs", PIPEDIT_CONFIGS_DIR};
}

fs::path configs_folder() {
  if (const std::string chosen = variable("PIPEDIT_CONFIGS"); !chosen.empty()) {
    if (!fs::is_directory(chosen)) throw InputError(fmt::format("PIPEDIT_CONFIGS: {}: not a folder", chosen));
    return chosen;
  }
  for (const fs::path& folder : candidates())
    if (fs::is_directory(folder / "models")) return folder.lexically_normal();
  throw InputError("no folder configs/ found: set PIPEDIT_CONFIGS to it");
}

bool is_path(const std::string& given) { return given.find('/') != std::string::npos || given.ends_with(".json"); }

}  // namespace

std::vector<std::string> config_names(ConfigKind kind) {
  const fs::path folder = configs_folder() / of(kind).folder;
  std::vector<std::string> names;
  if (fs::is_directory(folder))
    for (const auto& entry : fs::directory_iterator(folder))
      if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

fs::path find_config(ConfigKind kind, const std::string& given) {
  if (is_path(given)) return given;
  const auto names = config_names(kind);
  if (std::find(names.begin(), names.end(), given) == names.end())
    throw InputError(fmt::format("{}: no such {}; there are {} (or give a file: ./{}.json)", given, of(kind).noun,
                                 fmt::join(names, ", "), given));
  return configs_folder() / of(kind).folder / (given + ".json");
}

models::Model load_model(const std::string& given) { return models::read_model(find_config(ConfigKind::model, given)); }

Cluster load_cluster(const std::string& given) { return read_cluster(find_config(ConfigKind::cluster, given)); }

Workload load_workload(const std::string& given) { return read_workload(find_config(ConfigKind::workload, given)); }

}  // namespace pipedit::cli
