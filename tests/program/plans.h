#pragma once

#include <string>
#include <vector>

#include "core/cluster.h"
#include "core/plan.h"
#include "core/workload.h"
#include "models/model.h"

// Shorthand for the plans and machines that tests lower.
namespace pipedit::tests {

inline constexpr RequestShape kTinyShape{.width = 192, .height = 128, .frames = 17, .steps = 3, .text_tokens = 32};

struct PlanShape {
  int denoise = 1, decode = 0;  // 0: co-located
  std::vector<int> chunks = {};
  int row_groups = 1;
  bool fill = true;
  int lent_heads = 0;
  Transport transport = Transport::peer;
  Memory memory = Memory::resident;
  int replicas = 1;  // of such pipelines

  int ranks() const { return replicas * (denoise + decode); }
};
Plan plan(const PlanShape&);

// Of configs/models.
models::Model model(const std::string& name);

// `ranks` devices behind one switch, or one CPU device that holds all of them.
Cluster cluster(int ranks, DeviceKind kind = DeviceKind::gpu);

}  // namespace pipedit::tests
