#include "simulator/engine/recorder.h"

#include <algorithm>
#include <tuple>

#include "program/script.h"
#include "simulator/engine/world.h"

namespace pipedit::simulator {

namespace {

constexpr std::string_view kUnitNames[] = {"begin", "step", "gather", "hand", "decode"};

std::size_t mix(std::size_t hash, std::int64_t value) {
  return (hash ^ static_cast<std::size_t>(value)) * 0x9E3779B97F4A7C15U + (hash >> 29U);
}

bool is_task(const UnitPlan& plan, std::size_t node) { return plan.nodes[node].task != nullptr; }

}  // namespace

int Recorder::history(const Run& run) {
  History made{.plan = run.plan, .start = {}, .end = {}};
  const std::size_t nodes = run.plan->nodes.size();
  made.start.assign(nodes, Nanos{0});
  made.end.assign(nodes, Nanos{0});
  std::size_t hash = nodes;
  for (std::size_t node = 0; node < nodes; ++node) {
    if (!is_task(*run.plan, node)) continue;
    made.start[node] = run.state->start[node] - run.start;
    made.end[node] = run.state->end[node] - run.start;
    hash = mix(mix(hash, made.start[node].count()), made.end[node].count());
  }
  const auto [first, last] = by_hash_.equal_range(hash);
  for (auto known = first; known != last; ++known) {
    const History& other = histories_[static_cast<std::size_t>(known->second)];
    if (other.plan == made.plan && other.start == made.start && other.end == made.end) return known->second;
  }
  const int id = static_cast<int>(histories_.size());
  histories_.push_back(std::move(made));
  by_hash_.emplace(hash, id);
  return id;
}

void Recorder::occurrence(const Run& run) {
  const program::UnitInstance& unit = run.unit;
  if (unit.bindings.step >= 0) ++steps_;
  entries_.push_back({.occurrence = {.actor = unit.actor,
                                     .unit = std::string(kUnitNames[static_cast<std::size_t>(unit.unit->kind)]),
                                     .request = unit.bindings.request,
                                     .ordinal = unit.ordinal,
                                     .step = unit.bindings.step,
                                     .alternative = unit.alternative,
                                     .start = run.start,
                                     .end = run.end},
                      .history = run.history,
                      .position = run.position});
}

Pattern Recorder::pattern(const History& history) {
  Pattern pattern;
  for (const PlannedCall& call : history.plan->calls) pattern.calls.push_back({call.segment, call.block});
  for (std::size_t node = 0; node < history.plan->nodes.size(); ++node) {
    if (!is_task(*history.plan, node)) continue;
    pattern.spans.push_back({.call = history.plan->nodes[node].call,
                             .task = TaskId{history.plan->local(static_cast<int>(node))},
                             .start = history.start[node],
                             .end = history.end[node]});
  }
  std::stable_sort(pattern.spans.begin(), pattern.spans.end(),
                   [](const Span& a, const Span& b) { return a.start < b.start; });
  return pattern;
}

std::vector<Nanos> Recorder::busy(const History& history, std::size_t ranks) const {
  std::vector<Nanos> busy(ranks, Nanos{0});
  for (std::size_t node = 0; node < history.plan->nodes.size(); ++node) {
    const TaskFacts* task = history.plan->nodes[node].task;
    if (task != nullptr && task->lane == program::Lane::compute)
      busy[static_cast<std::size_t>(task->rank)] += history.end[node] - history.start[node];
  }
  return busy;
}

namespace {

void add_provenance(std::vector<double>& shares, const std::array<std::int64_t, kProvenances>& sums) {
  std::int64_t total = 0;
  for (const std::int64_t sum : sums) total += sum;
  shares.assign(kProvenances, 0);
  for (std::size_t p = 0; total > 0 && p < kProvenances; ++p)
    shares[p] = static_cast<double>(sums[p]) / static_cast<double>(total);
}

std::vector<RequestSpan> spans_of_requests(const std::vector<Nanos>& drawn) {
  std::vector<RequestSpan> spans;
  for (std::size_t i = 0; i < drawn.size(); ++i)
    spans.push_back({.request = RequestId{static_cast<int>(i)}, .start = drawn[i], .end = drawn[i]});
  return spans;
}

}  // namespace

Timeline Recorder::timeline(const program::Program& program) const {
  Timeline timeline;
  timeline.source = "simulated";
  timeline.plan = program.plan;
  for (const program::Actor& actor : program.actors) timeline.actors.push_back(actor.name);
  timeline.segments = program::segment_names(program);
  timeline.requests = spans_of_requests(drawn);
  timeline.steps_reused = steps_reused;
  for (const program::RankMemory& memory : program.memory)
    timeline.ranks.push_back({.busy = {}, .peak = memory.device()});
  timeline.ranks.resize(static_cast<std::size_t>(program.ranks()));

  std::vector<Entry> entries = entries_;
  const auto order = [](const Entry& e) { return std::tuple(e.occurrence.start, e.occurrence.actor, e.position); };
  std::stable_sort(entries.begin(), entries.end(), [&](const Entry& a, const Entry& b) { return order(a) < order(b); });
  std::vector<int> pattern_of(histories_.size(), -1);
  std::vector<std::vector<Nanos>> busy_of(histories_.size());
  std::array<std::int64_t, kProvenances> provenance{};
  for (Entry& entry : entries) {
    const auto history = static_cast<std::size_t>(entry.history);
    if (pattern_of[history] < 0) {
      pattern_of[history] = static_cast<int>(timeline.patterns.size());
      timeline.patterns.push_back(pattern(histories_[history]));
      busy_of[history] = busy(histories_[history], timeline.ranks.size());
    }
    Occurrence& occurrence = entry.occurrence;
    occurrence.pattern = PatternId{pattern_of[history]};
    for (std::size_t rank = 0; rank < timeline.ranks.size(); ++rank)
      timeline.ranks[rank].busy += busy_of[history][rank];
    for (std::size_t p = 0; p < kProvenances; ++p) provenance[p] += histories_[history].plan->provenance[p].count();
    RequestSpan& request = timeline.requests[index(occurrence.request)];
    request.end = std::max(request.end, occurrence.end);
    timeline.makespan = std::max(timeline.makespan, occurrence.end);
    timeline.steps += occurrence.step >= 0 ? 1 : 0;
    timeline.occurrences.push_back(std::move(occurrence));
  }
  add_provenance(timeline.provenance, provenance);
  return timeline;
}

}  // namespace pipedit::simulator
