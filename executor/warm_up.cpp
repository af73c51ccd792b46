#include "executor/warm_up.h"

#include <algorithm>
#include <set>

namespace pipedit::executor {

using namespace program;

namespace {

std::size_t actors_at_the_queue(const Program& program) {
  const auto draws = [](const Actor& actor) { return actor.source == Source::queue; };
  return static_cast<std::size_t>(std::count_if(program.actors.begin(), program.actors.end(), draws));
}

bool has_alternatives(const Program& program) {
  for (const Actor& actor : program.actors)
    for (const auto& script : actor.scripts)
      for (const Unit& unit : script)
        if (unit.alternatives.size() > 1) return true;
  return false;
}

// How many requests from the first on hold one of every shape, give every actor one, and take both ways.
std::size_t requests_needed(const Program& program) {
  const std::vector<int>& shapes = program.request_shapes;
  std::set<int> seen;
  std::size_t needed = std::min(shapes.size(), actors_at_the_queue(program));
  for (std::size_t i = 0; i < shapes.size(); ++i)
    if (seen.insert(shapes[i]).second) needed = std::max(needed, i + 1);
  return has_alternatives(program) ? std::min(shapes.size(), needed + 1) : needed;
}

}  // namespace

Program with_few_steps(Program program, int most) {
  for (Actor& actor : program.actors)
    for (auto& script : actor.scripts)
      for (Unit& unit : script) unit.repeat = std::min(unit.repeat, most);
  return program;
}

Program shortened(const Program& program) {
  Program brief = with_few_steps(program, 1);
  const std::size_t requests = requests_needed(program);
  brief.request_shapes.resize(requests);
  brief.arrivals.assign(requests, Nanos{0});
  return brief;
}

void warm_up(const Program& program, Backend& backend, Job job, const ExecuteOptions& options) {
  NoResults nothing;
  job.sink = &nothing;
  execute(shortened(program), backend, job, options);
}

}  // namespace pipedit::executor
