#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "planner/frontier.h"
#include "planner/judge.h"

namespace pipedit::planner {

// What is known not to fit. Buffers and weights follow from groups and shares alone, so that one plan tells for all
// with the same.
class Misfits {
 public:
  Misfits(Frontier& frontier, const Judge& judge) : frontier_(frontier), judge_(judge) {}

  // A plan that does not fit, and why.
  struct Example {
    Plan plan;
    std::string reason;
    std::vector<Bytes> peaks;  // by rank
  };
  const std::optional<Example>& example() const { return example_; }  // the first that was noted

  // The node does not fit, for the reason that this plan shows.
  void note(Example);

  // The same of a plan that was lowered.
  void note(const Node&, const Lowered&);

  bool contains(const Node&) const;

 private:
  Frontier& frontier_;
  const Judge& judge_;
  std::set<std::pair<Group, int>> groups_;  // groups that do not fit with such a share, in no plan
  std::set<std::vector<int>> shares_;       // shares_of() nodes that do not fit
  std::optional<Example> example_;
};

// The cut of a node and the shares it lends.
std::vector<int> shares_of(const Node&);

}  // namespace pipedit::planner
