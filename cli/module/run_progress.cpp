#include "cli/module/run_progress.h"

namespace pipedit::cli {

RunProgress::RunProgress(const program::Program& program, const Workload& workload)
    : program_(program), last_(program.actors.size()) {
  for (std::size_t i = 0; i < workload.requests.size(); ++i)
    steps_ += static_cast<std::size_t>(workload.shape_of(RequestId{static_cast<int>(i)}).steps);
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
