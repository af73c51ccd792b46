#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "planner/found.h"
#include "planner/frontier.h"
#include "planner/judge.h"
#include "planner/misfits.h"
#include "planner/search.h"

// Best first through one family of plans.
namespace pipedit::planner {

// Asked between steps, with the share of its limits that a search has used up: whether to stop.
using Ask = std::function<bool(double used)>;

class FamilySearch {
 public:
  FamilySearch(Frontier&, const Judge&, const Question&, TwoBest&);

  // Until nothing is left that could be the family's best, or a limit is met; at least one plan that fits is simulated.
  void run(const Ask& stop);

  // Behind that, for the winner's family when all have run: until nothing is left that could be the runner-up, or a
  // limit is met; then the least bound of what could.
  std::optional<Nanos> look_for_second(const Ask& stop);

  const std::vector<Found>& found() const { return found_; }  // all simulated, in the order of simulation
  Counts counts() const;
  std::optional<Nanos> left() const { return left_; }  // the least bound of what was left, where something was

  // A plan that does not fit; where none fits.
  const std::optional<Misfits::Example>& misfit() const { return misfits_.example(); }

 private:
  // Smaller bounds first, but of those within a tie the one nearest to a simulation, then the one made first: where
  // everything ties, as on ranks that share a device, the search goes deep before it goes wide.
  struct Later {
    Nanos tie{1};
    bool operator()(const Node& a, const Node& b) const;
  };

  // What the search does not look into any further.
  bool is_pruned(const Node& node) const { return seconds_too_ ? cannot_be_second(node) : cannot_be_best(node); }
  bool cannot_be_best(const Node&) const;
  bool cannot_be_second(const Node&) const;
  void prune(Node);
  bool does_not_fit(const Node&);
  bool is_postponed(Node&);
  void exclude(const Node&, const GroupBounds&);
  std::vector<Node> take(bool lowered, std::size_t most);
  void push(Node);
  void expand(const Node&);
  void lower(const std::vector<Node>&);
  void simulate(const std::vector<Node>&);
  void simulate_first();
  Node plainest(Node);
  void simulate_equal_pipelines();
  void set_best();
  void look(std::optional<std::uint64_t> most_simulations, const Ask& stop);

  Frontier& frontier_;
  const Judge& judge_;
  const Question& question_;
  TwoBest& two_best_;
  Later later_;
  std::vector<Node> heap_;
  std::vector<Found> found_;
  std::map<std::uint64_t, std::vector<Bytes>> peaks_;  // by Node::order, of lowered plans
  Misfits misfits_;
  std::map<std::vector<int>, Nanos> excess_;  // by shares: the least of paths over closed forms so far
  std::optional<Nanos> best_;
  Complexity best_complexity_{};
  bool seconds_too_ = false;
  std::vector<Node> aside_;  // pruned, but one may be the runner-up
  Counts counts_;
  std::uint64_t lowered_ = 0, bounded_ = 0;
  std::optional<Nanos> left_;
};

}  // namespace pipedit::planner
