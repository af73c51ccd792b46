#include "profiler/requests.h"

#include <algorithm>
#include <map>
#include <set>

#include "executor/execute.h"
#include "profiler/samples.h"
#include "program/op_cost.h"

namespace pipedit::profiler {

using namespace program;

namespace {

constexpr int kSteps = 2;

bool once_a_request(OpKind kind) {
  switch (kind) {
    case OpKind::draw_noise:
    case OpKind::condition:
    case OpKind::refine_constants:
    case OpKind::save_latent:
    case OpKind::blend:
    case OpKind::write_frames:
      return true;
    default:
      return false;
  }
}

PointKey key_of(const Program& program, const Task& task) {
  OpCost cost = op_cost(program, task);
  return {std::move(cost.kind), std::move(cost.dims)};
}

std::set<PointKey> points_once(const Program& program) {
  std::set<PointKey> points;
  for (const Segment& segment : program.segments)
    for (const Task& task : segment.tasks)
      if (once_a_request(task.kind)) points.insert(key_of(program, task));
  return points;
}

Program with_few_steps(Program program) {
  for (Actor& actor : program.actors)
    for (auto& script : actor.scripts)
      for (Unit& unit : script) unit.repeat = std::min(unit.repeat, kSteps);
  return program;
}

void add(const Timeline& timeline, const Program& program, Samples& samples) {
  for (const Occurrence& unit : timeline.occurrences) {
    const Pattern& pattern = timeline.patterns[index(unit.pattern)];
    for (const Span& span : pattern.spans) {
      const Segment& segment = program.segment(pattern.calls[static_cast<std::size_t>(span.call)].segment);
      const Task& task = segment.tasks[index(span.task)];
      if (once_a_request(task.kind)) samples.add(key_of(program, task), span.end - span.start);
    }
  }
}

}  // namespace

std::vector<ProfilePoint> measure_requests(std::span<const Program> programs, int slots, executor::Backend& backend,
                                           const executor::Job& job) {
  std::map<int, Samples> samples;  // by ranks that are busy
  std::map<int, std::set<PointKey>> known;
  for (const Program& program : programs) {
    const int busy = std::min(program.ranks(), slots);
    const std::set<PointKey> points = points_once(program);
    if (std::ranges::includes(known[busy], points)) continue;
    known[busy].insert(points.begin(), points.end());
    const Program brief = with_few_steps(program);
    add(executor::execute(brief, backend, job), brief, samples[busy]);
  }
  std::vector<ProfilePoint> all;
  for (const auto& [busy, of_busy] : samples) std::ranges::move(of_busy.points(busy), std::back_inserter(all));
  return all;
}

}  // namespace pipedit::profiler
