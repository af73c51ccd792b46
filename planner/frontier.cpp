#include "planner/frontier.h"

#include <algorithm>

namespace pipedit::planner {

bool Node::is_plan() const {
  return std::ranges::all_of(choices, [](const Choice& c) { return c.details.has_value(); });
}

bool Node::shares_chosen() const {
  return std::ranges::all_of(choices, [](const Choice& c) { return c.lent_heads >= 0; });
}

int Node::choices_made() const {
  int made = lowered ? 1 : 0;
  for (const Choice& choice : choices) made += (choice.lent_heads >= 0 ? 1 : 0) + (choice.details ? 1 : 0);
  return made;
}

bool asks_for_offload(const Constraints& constraints) {
  return constraints.memory == Memory::offload || constraints.family == "offload_ulysses";
}

Frontier::Frontier(BoundTable& bounds, const Cluster& cluster, int heads, Transport transport, Objective objective,
                   const Demand& demand, Constraints constraints)
    : bounds_(bounds),
      heads_(heads),
      transport_(transport),
      objective_(objective),
      demand_(demand),
      constraints_(std::move(constraints)) {
  for (Cut& cut : planner::cuts(cluster.ranks()))
    if (allows(constraints_, cut)) cuts_.push_back(std::move(cut));
}

// Off-loading is for comparison with what the paper compares with: one chunk, on the ranks that denoise and decode.
const std::vector<Frontier::Option>& Frontier::options(Group group) {
  const auto known = options_.find(group);
  if (known != options_.end()) return known->second;
  std::vector<Option> found;
  const bool offload = asks_for_offload(constraints_);
  for (const int lent : lent_shares(group, heads_)) {
    Option option{lent, {}};
    for (Details& details : planner::details(group, lent, heads_)) {
      if (offload && (!details.chunks.empty() || details.row_groups > 1 || lent > 0)) continue;
      if (offload) details.memory = Memory::offload;
      if (allows(constraints_, group, details, heads_)) option.details.push_back(std::move(details));
    }
    if (!option.details.empty()) found.push_back(std::move(option));
  }
  return options_.emplace(group, std::move(found)).first->second;
}

const Frontier::Option& Frontier::option(Group group, int lent_heads) {
  return *std::ranges::find(options(group), lent_heads, &Option::lent_heads);
}

std::uint64_t Frontier::plans_below(const Cut& cut, const std::vector<Choice>& choices) {
  std::uint64_t product = 1;
  for (std::size_t i = 0; i < cut.size(); ++i) {
    if (choices[i].details) continue;
    std::uint64_t sum = 0;
    for (const Option& option : options(cut[i].group))
      if (choices[i].lent_heads < 0 || choices[i].lent_heads == option.lent_heads) sum += option.details.size();
    product *= sum;
  }
  return product;
}

const GroupBounds& Frontier::bounds_of(Group group, int first_rank) {
  return bounds_.of(group, asks_for_offload(constraints_) ? Memory::offload : Memory::resident, first_rank);
}

const GroupBounds* Frontier::misfit(const Node& node) {
  const std::vector<int> firsts = first_ranks(cuts_[node.cut]);
  std::size_t pipeline = 0;
  for (const Replicas& replicas : cuts_[node.cut]) {
    const GroupBounds& bounds = bounds_of(replicas.group, firsts[pipeline]);
    if (bounds.misfit()) return &bounds;
    pipeline += static_cast<std::size_t>(replicas.count);
  }
  return nullptr;
}

PipelineTimes Frontier::times(Group group, int first_rank, const Choice& choice) {
  const GroupBounds& bounds = bounds_of(group, first_rank);
  if (choice.details) return bounds.of(*choice.details);
  if (choice.lent_heads >= 0) return bounds.least(choice.lent_heads);
  std::optional<PipelineTimes> least;
  for (const Option& option : options(group)) {
    const PipelineTimes& next = bounds.least(option.lent_heads);
    if (!least) least = next;
    for (std::size_t shape = 0; shape < next.size(); ++shape) {
      RequestTimes& into = (*least)[shape];
      into.step = std::min(into.step, next[shape].step);
      into.lent_step = std::min(into.lent_step, next[shape].lent_step);
      into.step_work = std::min(into.step_work, next[shape].step_work);
      into.turn = std::min(into.turn, next[shape].turn);
    }
  }
  return *least;
}

Nanos Frontier::bound(const Cut& cut, const std::vector<Choice>& choices) {
  const std::vector<int> firsts = first_ranks(cut);
  std::vector<PipelineTimes> all;
  for (std::size_t i = 0; i < cut.size(); ++i)
    for (int j = 0; j < cut[i].count; ++j) all.push_back(times(cut[i].group, firsts[all.size()], choices[i]));
  std::vector<const PipelineTimes*> pipelines;
  for (const PipelineTimes& one : all) pipelines.push_back(&one);
  return job_bound(objective_, pipelines, demand_);
}

Node Frontier::make(std::size_t cut, std::vector<Choice> choices) {
  Node node{.cut = cut, .choices = std::move(choices), .bound = {}, .estimate = {}, .plans = 0, .order = made_++};
  node.plans = plans_below(cuts_[cut], node.choices);
  if (node.plans > 0) node.bound = node.estimate = bound(cuts_[cut], node.choices);
  return node;
}

std::vector<Node> Frontier::roots() {
  std::vector<Node> nodes;
  for (std::size_t cut = 0; cut < cuts_.size(); ++cut) {
    Node node = make(cut, std::vector<Choice>(cuts_[cut].size()));
    if (node.plans > 0) nodes.push_back(std::move(node));
  }
  return nodes;
}

std::vector<Node> Frontier::expand(const Node& node) {
  const auto open = std::ranges::find_if(node.choices, [](const Choice& c) { return !c.details; });
  const auto place = static_cast<std::size_t>(open - node.choices.begin());
  const Group group = cuts_[node.cut][place].group;
  std::vector<Choice> next;
  if (open->lent_heads < 0)
    for (const Option& option : options(group)) next.push_back({option.lent_heads, {}});
  else
    for (const Details& details : option(group, open->lent_heads).details) next.push_back({open->lent_heads, details});
  std::vector<Node> nodes;
  for (Choice& choice : next) {
    std::vector<Choice> choices = node.choices;
    choices[place] = std::move(choice);
    nodes.push_back(make(node.cut, std::move(choices)));
    nodes.back().bound = nodes.back().estimate = std::max(nodes.back().bound, node.bound);
  }
  return nodes;
}

Node Frontier::lowered(Node node, Nanos bound) const {
  node.bound = node.estimate = std::max(node.bound, bound);
  node.lowered = true;
  return node;
}

Plan Frontier::plan(const Node& node) const {
  std::vector<Details> details;
  for (const Choice& choice : node.choices) details.push_back(*choice.details);
  return plan_of(cuts_[node.cut], details, transport_);
}

Complexity Frontier::simplest(const Node& node) const {
  std::vector<std::optional<Details>> details;
  for (const Choice& choice : node.choices) {
    std::optional<Details> known = choice.details;
    if (!known && choice.lent_heads >= 0) known = Details{.lent_heads = choice.lent_heads};
    details.push_back(std::move(known));
  }
  return complexity(cuts_[node.cut], details);
}

}  // namespace pipedit::planner
