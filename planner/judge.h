#pragma once

#include <optional>
#include <string>
#include <vector>

#include "planner/group_bounds.h"
#include "planner/search.h"

// What lowering and simulating one plan tells. Const and without state: threads share one.
namespace pipedit::planner {

struct Lowered {
  std::optional<std::string> misfit;  // why it does not fit
  std::vector<Bytes> peaks;           // by rank
  Nanos bound{0};                     // from its longest paths
};

std::vector<Bytes> peaks_of(const program::Program&);  // by rank

class Judge {
 public:
  Judge(const models::Model& model, const Cluster& cluster, const Workload& workload, const simulator::CostModel& costs,
        Objective objective, std::optional<Bytes> memory_limit)
      : model_(model),
        cluster_(cluster),
        workload_(workload),
        costs_(costs),
        objective_(objective),
        memory_limit_(memory_limit) {}

  Lowered lower(const Plan&) const;
  Simulation simulate(const Plan&) const;

 private:
  const models::Model& model_;
  const Cluster& cluster_;
  const Workload& workload_;
  const simulator::CostModel& costs_;
  Objective objective_;
  std::optional<Bytes> memory_limit_;
};

}  // namespace pipedit::planner
