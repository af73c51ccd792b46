#include "cli/module/run_progress.h"

namespace pipedit::cli {

namespace {

// Of one request, by whichever actor draws it.
std::size_t steps_of(const program::Program& program, int shape) {
  std::size_t steps = 0;
  for (const program::Unit& unit : program.actors.front().scripts[static_cast<std::size_t>(shape)])
    if (unit.kind == program::UnitKind::step) steps += static_cast<std::size_t>(unit.repeat);
  return steps;
}

}  // namespace

RunProgress::RunProgress(const program::Program& program, std::string what)
    : program_(program), last_(program.actors.size()), progress_(std::move(what)) {
  for (const int shape : program.request_shapes) steps_ += steps_of(program, shape);
}

void RunProgress::before_task(const executor::TaskInstanceRef& ref) {
  const ActorId actor = ref.unit.actor;
  if (ref.unit.unit->kind != program::UnitKind::step || ref.task.rank != program_.actors[index(actor)].ranks.front())
    return;
  program::Bindings& last = last_[index(actor)];
  if (last == ref.unit.bindings) return;
  last = ref.unit.bindings;
  progress_.update(started_++, steps_);
}

}  // namespace pipedit::cli
