#include "executor/warm_up.h"

#include <algorithm>
#include <set>

namespace pipedit::executor {

using namespace program;

namespace {

class NoResults : public ResultSink {
 public:
  void latent(RequestId, const at::Tensor&) override {}
  void frames(RequestId, Range, const at::Tensor&) override {}
  void finished(RequestId) override {}
};

// How many requests from the first on hold one of every shape.
std::size_t requests_of_every_shape(const std::vector<int>& shapes) {
  std::set<int> seen;
  std::size_t needed = 0;
  for (std::size_t i = 0; i < shapes.size(); ++i)
    if (seen.insert(shapes[i]).second) needed = i + 1;
  return needed;
}

}  // namespace

Program shortened(const Program& program) {
  Program brief = program;
  for (Actor& actor : brief.actors)
    for (auto& script : actor.scripts)
      for (Unit& unit : script) unit.repeat = std::min(unit.repeat, 1);
  const std::size_t requests = requests_of_every_shape(program.request_shapes);
  brief.request_shapes.resize(requests);
  brief.arrivals.assign(requests, Nanos{0});
  return brief;
}

void warm_up(const Program& program, Backend& backend, Job job) {
  NoResults nothing;
  job.sink = &nothing;
  execute(shortened(program), backend, job);
}

}  // namespace pipedit::executor
