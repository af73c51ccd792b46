#include "tests/planner/settings.h"

namespace pipedit::tests {

Cluster configured_cluster(const std::string& name, int ranks) {
  Cluster cluster = read_cluster(std::string(PIPEDIT_SOURCE_DIR) + "/configs/clusters/" + name + ".json");
  return ranks == 0 ? cluster : first_devices(cluster, ranks);
}

Workload mixed_workload(const RequestShape& larger, const RequestShape& smaller, int count) {
  Workload workload{.name = "mixed", .shapes = {larger, smaller}, .requests = {}};
  for (int i = 0; i < count; ++i) workload.requests.push_back({.shape = i % 2, .arrival = {}, .prompt = {}});
  return workload;
}

}  // namespace pipedit::tests
