#include "planner/family_search.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "planner/workers.h"

namespace pipedit::planner {

namespace {

// Nodes that are looked at side by side, whatever the number of threads, so that it does not show in the answer.
constexpr std::size_t kLoweredAtOnce = 8, kSimulatedAtOnce = 2;
// As long as one simulation takes, roughly.
constexpr std::uint64_t kLoweredForOne = 4, kBoundedForOne = 2048;
constexpr std::uint64_t kLessForSecond = 4;  // of the work that may be done for the best

}  // namespace

bool FamilySearch::Later::operator()(const Node& a, const Node& b) const {
  const auto key = [&](const Node& node) {
    return std::tuple(node.estimate / tie, -node.choices_made(), node.estimate, node.order);
  };
  return key(a) > key(b);
}

FamilySearch::FamilySearch(Frontier& frontier, const Judge& judge, const Question& question, TwoBest& two_best)
    : frontier_(frontier), judge_(judge), question_(question), two_best_(two_best), misfits_(frontier, judge) {
  std::vector<Node> roots = frontier.roots();
  if (roots.empty()) return;
  later_.tie = std::max(Nanos{1}, std::ranges::min_element(roots, {}, &Node::bound)->bound / 1000);
  for (Node& root : roots) {
    counts_.considered += root.plans;
    if (const GroupBounds* group = frontier.misfit(root))
      exclude(root, *group);
    else
      push(std::move(root));
  }
}

void FamilySearch::exclude(const Node& node, const GroupBounds& group) {
  counts_.by_memory += node.plans;
  if (misfits_.example()) return;
  Node plain = node;
  while (!plain.is_plan()) plain = frontier_.expand(plain).front();
  const Plan plan = frontier_.plan(plain);
  const Lowered lowered = judge_.lower(plan);
  misfits_.note({plan, lowered.misfit.value_or(*group.misfit()), lowered.peaks});
}

void FamilySearch::push(Node node) {
  heap_.push_back(std::move(node));
  std::ranges::push_heap(heap_, later_);
}

// Not by more than a tie, nor simpler and as good.
bool FamilySearch::cannot_be_best(const Node& node) const {
  if (!best_) return false;
  if (node.bound > with_tie(*best_)) return true;
  return node.bound > without_tie(*best_) && !(frontier_.simplest(node) < best_complexity_);
}

bool FamilySearch::cannot_be_second(const Node& node) const {
  return two_best_.second() && node.bound > without_tie(*two_best_.second());
}

namespace {

void add_pruned(Counts& counts, const Node& node) {
  (node.lowered ? counts.by_path : node.is_plan() ? counts.by_details : counts.by_group) += node.plans;
}

}  // namespace

void FamilySearch::prune(Node node) {
  if (cannot_be_second(node))
    add_pruned(counts_, node);
  else
    aside_.push_back(std::move(node));
}

Counts FamilySearch::counts() const {
  Counts counts = counts_;
  for (const Node& node : aside_) add_pruned(counts, node);
  return counts;
}

bool FamilySearch::does_not_fit(const Node& node) {
  const bool misfit = misfits_.contains(node);
  if (misfit) counts_.by_memory += node.plans;
  return misfit;
}

void FamilySearch::expand(const Node& node) {
  for (Node& child : frontier_.expand(node)) {
    ++bounded_;
    if (is_pruned(child))
      prune(std::move(child));
    else
      push(std::move(child));
  }
}

// The first nodes of the heap, as long as they are plans whose bound is, or is not, that of their program.
std::vector<Node> FamilySearch::take(bool lowered, std::size_t most) {
  std::vector<Node> nodes;
  while (!heap_.empty() && nodes.size() < most) {
    const Node& first = heap_.front();
    if (!first.is_plan() || first.lowered != lowered) break;
    std::ranges::pop_heap(heap_, later_);
    Node node = std::move(heap_.back());
    heap_.pop_back();
    if (is_pruned(node))
      prune(std::move(node));
    else if (!does_not_fit(node) && !is_postponed(node))
      nodes.push_back(std::move(node));
  }
  return nodes;
}

// Plans with the same groups and shares miss their closed forms by much the same; others may be better then.
bool FamilySearch::is_postponed(Node& node) {
  const auto excess = excess_.find(shares_of(node));
  if (node.lowered || excess == excess_.end() || node.estimate >= node.bound + excess->second) return false;
  node.estimate = node.bound + excess->second;
  push(std::move(node));
  return true;
}

void FamilySearch::lower(const std::vector<Node>& nodes) {
  lowered_ += nodes.size();
  std::vector<Lowered> results(nodes.size());
  on_threads(question_.threads, nodes.size(),
             [&](std::size_t i) { results[i] = judge_.lower(frontier_.plan(nodes[i])); });
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (results[i].misfit) {
      counts_.by_memory += nodes[i].plans;
      misfits_.note(nodes[i], results[i]);
      continue;
    }
    peaks_[nodes[i].order] = std::move(results[i].peaks);
    Node node = frontier_.lowered(nodes[i], results[i].bound);
    Nanos& excess = excess_.try_emplace(shares_of(node), Nanos::max()).first->second;
    excess = std::min(excess, node.bound - nodes[i].bound);
    push(std::move(node));
  }
}

void FamilySearch::simulate(const std::vector<Node>& nodes) {
  std::vector<Nanos> values(nodes.size());
  on_threads(question_.threads, nodes.size(),
             [&](std::size_t i) { values[i] = judge_.simulate(frontier_.plan(nodes[i])).value; });
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    ++counts_.simulated;
    two_best_.add(values[i]);
    Plan plan = frontier_.plan(nodes[i]);
    const Complexity complexity = planner::complexity(plan);
    found_.push_back({std::move(plan), values[i], nodes[i].bound, std::move(peaks_[nodes[i].order]), complexity});
    peaks_.erase(nodes[i].order);
  }
  set_best();
}

// Something to prune by, as soon as there is a plan that fits: the best of those lowered so far.
void FamilySearch::simulate_first() {
  const auto rank = [](const Node& node) { return std::tuple(!node.lowered, node.bound, node.order); };
  const auto first = std::ranges::min_element(heap_, {}, rank);
  if (first == heap_.end() || !first->lowered) return;
  const Node node = std::move(*first);
  heap_.erase(first);
  std::ranges::make_heap(heap_, later_);
  simulate({node});
}

// Its plainest plan; all others below the node go back to the heap.
Node FamilySearch::plainest(Node node) {
  while (!node.is_plan()) {
    std::vector<Node> children = frontier_.expand(node);
    bounded_ += children.size();
    for (std::size_t i = 1; i < children.size(); ++i) push(std::move(children[i]));
    node = std::move(children.front());
  }
  return node;
}

// Equal pipelines are good plans as a rule, and their simulation prunes most of the cuts into several pipelines, of
// which there are too many to go through by their bounds alone.
void FamilySearch::simulate_equal_pipelines() {
  const auto is_equal = [&](const Node& node) {
    const Cut& cut = frontier_.cut(node);
    return cut.size() == 1 && cut.front().count > 1;
  };
  const auto found = std::stable_partition(heap_.begin(), heap_.end(), std::not_fn(is_equal));
  const std::vector<Node> equal(found, heap_.end());
  heap_.erase(found, heap_.end());
  std::ranges::make_heap(heap_, later_);
  std::vector<Node> plans;
  for (const Node& node : equal) plans.push_back(plainest(node));
  lower(plans);
  if (!plans.empty()) simulate_first();
}

void FamilySearch::set_best() {
  const Found* best = best_of(found_);
  if (best == nullptr) return;
  best_ = std::ranges::min_element(found_, {}, &Found::value)->value;
  best_complexity_ = best->complexity;
}

// With nothing simulated yet the search goes on; whatever is lowered is then simulated.
void FamilySearch::look(std::optional<std::uint64_t> most, const Ask& stop) {
  const std::uint64_t simulated = counts_.simulated, lowered = lowered_, bounded = bounded_;
  const auto used = [&] {
    if (!most) return 0.0;
    const auto share = [&](std::uint64_t done, std::uint64_t for_one) {
      return static_cast<double>(done) / static_cast<double>(for_one * *most);
    };
    return std::max({share(counts_.simulated - simulated, 1), share(lowered_ - lowered, kLoweredForOne),
                     share(bounded_ - bounded, kBoundedForOne)});
  };
  const auto is_limited = [&] { return (stop(used()) || used() >= 1) && !found_.empty(); };
  while (!heap_.empty() && !is_limited()) {
    if (auto plans = take(true, kSimulatedAtOnce); !plans.empty()) {
      simulate(plans);
    } else if (auto undecided = take(false, kLoweredAtOnce); !undecided.empty()) {
      lower(undecided);
      if (found_.empty()) simulate_first();
    } else if (!heap_.empty() && !heap_.front().is_plan()) {
      std::ranges::pop_heap(heap_, later_);
      Node node = std::move(heap_.back());
      heap_.pop_back();
      if (is_pruned(node))
        prune(std::move(node));
      else if (!does_not_fit(node))
        expand(node);
    }
  }
}

void FamilySearch::run(const Ask& stop) {
  simulate_equal_pipelines();
  look(question_.most_simulations, stop);
  for (Node& node : std::exchange(heap_, {})) {
    if (is_pruned(node)) {
      prune(std::move(node));
      continue;
    }
    counts_.left += node.plans;
    left_ = std::min(left_.value_or(Nanos::max()), node.bound);
  }
}

std::optional<Nanos> FamilySearch::look_for_second(const Ask& stop) {
  if (left_) return left_;
  seconds_too_ = true;
  for (Node& node : std::exchange(aside_, {})) is_pruned(node) ? prune(std::move(node)) : push(std::move(node));
  const std::optional<int> most = question_.most_simulations;
  look(most ? std::optional(*most / kLessForSecond + 1) : std::nullopt, stop);
  std::optional<Nanos> least;
  for (const Node& node : std::exchange(heap_, {})) {
    if (!is_pruned(node)) least = std::min(least.value_or(Nanos::max()), node.bound);
    add_pruned(counts_, node);
  }
  return least;
}

}  // namespace pipedit::planner
