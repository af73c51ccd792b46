#include "planner/objective.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace pipedit::planner {

namespace {

constexpr std::pair<Objective, std::string_view> kNames[] = {
    {Objective::latency, "latency"}, {Objective::makespan, "makespan"}, {Objective::throughput, "throughput"}};
constexpr std::size_t kLeastDrawn = 4;

// Starts of the requests that each actor drew from the queue, in order.
std::vector<std::vector<Nanos>> draws(const program::Program& program, const Timeline& timeline) {
  std::vector<std::vector<Nanos>> starts(program.actors.size());
  for (const Occurrence& unit : timeline.occurrences)
    if (unit.unit == "begin") starts[index(unit.actor)].push_back(unit.start);
  for (std::vector<Nanos>& actor : starts) std::sort(actor.begin(), actor.end());
  return starts;
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
  const std::size_t count = objective == Objective::latency ? 1 : static_cast<std::size_t>(kStream * pipelines);
  for (std::size_t i = 0; i < count; ++i) {
    asked.requests.push_back(workload.requests[i % workload.requests.size()]);
    asked.requests.back().arrival = Nanos{0};
  }
  return asked;
}

std::optional<Nanos> value_of(Objective objective, const program::Program& program, const Timeline& timeline) {
  if (objective != Objective::throughput) return timeline.makespan;
  double rate = 0;
  const auto starts = draws(program, timeline);
  for (std::size_t actor = 0; actor < starts.size(); ++actor) {
    if (program.actors[actor].source != program::Source::queue) continue;
    const std::vector<Nanos>& drawn = starts[actor];
    if (drawn.size() < kLeastDrawn) return std::nullopt;
    const std::size_t first = drawn.size() / 2 - 1;
    rate += static_cast<double>(drawn.size() - 1 - first) / static_cast<double>((drawn.back() - drawn[first]).count());
  }
  return Nanos{std::llround(1 / rate)};
}

}  // namespace pipedit::planner
