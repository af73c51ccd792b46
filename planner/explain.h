#pragma once

#include <string>
#include <vector>

#include "planner/critical_path.h"
#include "planner/search.h"

// Why the winner won, for people.
namespace pipedit::planner {

struct Explanation {
  std::vector<CriticalShare> bounds;   // what bounds the winner, largest first
  std::vector<std::string> sentences;  // each whole: advice, bounds, facts
};

// The answer must have a winner; it is simulated once more.
Explanation explain(const models::Model&, const Cluster&, const Workload&, const simulator::CostModel&, Objective,
                    const Answer&);

// What follows for someone who has to decide: "Do not disaggregate: ..", "Do not chunk: ..", "Use fewer ranks: ..".
std::vector<std::string> advice(const Answer&, const Cluster&);

}  // namespace pipedit::planner
