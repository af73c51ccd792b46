#include "tests/planner/settings.h"

namespace pipedit::tests {

Cluster configured_cluster(const std::string& name, int ranks) {
  Cluster cluster = read_cluster(std::string(PIPEDIT_SOURCE_DIR) + "/configs/clusters/" + name + ".json");
  return ranks == 0 ? cluster : first_devices(cluster, ranks);
}

}  // namespace pipedit::tests
