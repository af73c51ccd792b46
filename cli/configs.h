#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/cluster.h"
#include "core/workload.h"
#include "models/model.h"

// Models, clusters and workloads by file or by name. Names are those of files in the folder configs/: of
// PIPEDIT_CONFIGS where it is set, else beside the program, else of the source tree that the program was built from.
namespace pipedit::cli {

enum class ConfigKind { model, cluster, workload };

// Sorted. Throws InputError where there is no folder configs/.
std::vector<std::string> config_names(ConfigKind);

// A file where `given` has a slash or ends in ".json", else the file of that name. Throws InputError with the list of
// right names.
std::filesystem::path find_config(ConfigKind, const std::string& given);

models::Model load_model(const std::string& given);
Cluster load_cluster(const std::string& given);
Workload load_workload(const std::string& given);

}  // namespace pipedit::cli
