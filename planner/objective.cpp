#include "planner/objective.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace pipedit::planner {

namespace {

constexpr std::pair<Objective, std::string_view> kNames[] = {
    {Objective::latency, "latency"}, {Objective::makespan, "makespan"}, {Objective::throughput, "throughput"}};

using Starts = std::vector<Nanos>;

// When the units of this name started, by actor and in order.
std::vector<Starts> starts_of(std::string_view name, const program::Program& program, const Timeline& timeline) {
  std::vector<Starts> starts(program.actors.size());
  for (const Occurrence& unit : timeline.occurrences)
    if (unit.unit == name) starts[index(unit.actor)].push_back(unit.start);
  for (Starts& actor : starts) std::ranges::sort(actor);
  return starts;
}

// The actor that decodes what this one denoises.
std::size_t decoder_of(const program::Program& program, std::size_t actor) {
  for (const program::Unit& unit : program.actors[actor].scripts.front())
    if (unit.hand_to) return index(*unit.hand_to);
  return actor;
}

// Mean distance over the later half.
double period(const Starts& starts) {
  const std::size_t first = starts.size() / 2 - 1;
  return static_cast<double>((starts.back() - starts[first]).count()) / static_cast<double>(starts.size() - 1 - first);
}

// Pipelines that hold each other up, or get requests of unequal shapes.
bool are_taken_together(const program::Program& program) {
  return program.actors.front().scripts.size() > 1 ||
         std::ranges::all_of(program.devices, [&](DeviceId id) { return id == program.devices.front(); });
}

std::vector<Starts> together(const std::vector<Starts>& all) {
  Starts merged;
  for (const Starts& one : all) merged.insert(merged.end(), one.begin(), one.end());
  std::ranges::sort(merged);
  return {merged};
}

}  // namespace

std::string_view name_of(Objective objective) { return kNames[static_cast<std::size_t>(objective)].second; }

std::optional<Objective> find_objective(std::string_view name) {
  for (const auto& [objective, its_name] : kNames)
    if (its_name == name) return objective;
  return std::nullopt;
}

Workload asked_of(Objective objective, const Workload& workload, int pipelines) {
  if (objective == Objective::makespan) return workload;
  Workload asked = workload;
  asked.requests.clear();
  const std::size_t count =
      objective == Objective::latency ? 1 : static_cast<std::size_t>(stream_for(workload.shapes.size()) * pipelines);
  for (std::size_t i = 0; i < count; ++i) {
    asked.requests.push_back(workload.requests[i % workload.requests.size()]);
    asked.requests.back().arrival = Nanos{0};
  }
  return asked;
}

std::optional<Nanos> value_of(Objective objective, const program::Program& program, const Timeline& timeline) {
  if (objective != Objective::throughput) return timeline.makespan;
  const auto begun = starts_of("begin", program, timeline), decoded = starts_of("decode", program, timeline);
  const bool all_at_once = are_taken_together(program);
  std::vector<Starts> draws, decodings;  // by pipeline
  for (std::size_t actor = 0; actor < begun.size(); ++actor) {
    if (program.actors[actor].source != program::Source::queue) continue;
    if (!all_at_once && begun[actor].size() < kLeastDrawn) return std::nullopt;
    draws.push_back(begun[actor]);
    decodings.push_back(decoded[decoder_of(program, actor)]);
  }
  if (all_at_once) draws = together(draws), decodings = together(decodings);
  double rate = 0;
  for (std::size_t i = 0; i < draws.size(); ++i) rate += 1 / std::max(period(draws[i]), period(decodings[i]));
  return Nanos{std::llround(1 / rate)};
}

}  // namespace pipedit::planner
