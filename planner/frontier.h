#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "planner/constraints.h"
#include "planner/group_bounds.h"
#include "planner/objective.h"
#include "planner/simplicity.h"

// The part of the space that a search has not decided on yet, as a tree: a cut, then for each of its groups the share
// that is lent, then the other details.
namespace pipedit::planner {

struct Choice {
  int lent_heads = -1;  // -1: not chosen
  std::optional<Details> details;
  friend bool operator==(const Choice&, const Choice&) = default;
};

struct Node {
  std::size_t cut = 0;          // Frontier::cut()
  std::vector<Choice> choices;  // by the cut's replicas
  Nanos bound{0};               // no plan below it is faster
  Nanos estimate{0};            // when to look at it: the bound, or more where plans like it turned out slower
  std::uint64_t plans = 0;      // below it
  bool lowered = false;         // the bound is that of its program
  std::uint64_t order = 0;      // of making, for ties

  bool is_plan() const;
  bool shares_chosen() const;
  int choices_made() const;  // lowering is one more
};

class Frontier {
 public:
  // Everything is kept by reference but the constraints.
  Frontier(BoundTable&, const Cluster&, int heads, Transport, Objective, const Demand&, Constraints);

  const Cut& cut(const Node& node) const { return cuts_[node.cut]; }
  Plan plan(const Node&) const;
  Transport transport() const { return transport_; }
  Complexity simplest(const Node&) const;

  // A group of the node's cut that does not fit, on any terms; null where all may fit.
  const GroupBounds* misfit(const Node&);

  std::vector<Node> roots();              // one a cut
  std::vector<Node> expand(const Node&);  // one choice more
  Node lowered(Node, Nanos bound) const;  // the same with the bound of its program

 private:
  struct Option {
    int lent_heads = 0;
    std::vector<Details> details;
  };
  const std::vector<Option>& options(Group);
  const Option& option(Group, int lent_heads);
  std::uint64_t plans_below(const Cut&, const std::vector<Choice>&);
  Node make(std::size_t cut, std::vector<Choice>);
  const GroupBounds& bounds_of(Group, int first_rank);
  PipelineTimes times(Group, int first_rank, const Choice&);
  Nanos bound(const Cut&, const std::vector<Choice>&);

  BoundTable& bounds_;
  int heads_;
  Transport transport_;
  Objective objective_;
  const Demand& demand_;
  Constraints constraints_;
  std::vector<Cut> cuts_;
  std::map<Group, std::vector<Option>> options_;
  std::uint64_t made_ = 0;
};

// Whether off-loading is asked for, by itself or by the family that does it.
bool asks_for_offload(const Constraints&);

}  // namespace pipedit::planner
