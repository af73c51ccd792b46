#include "cli/module/run_progress.h"

#include "program/op_cost.h"
#include "program/script.h"

namespace pipedit::cli {

namespace {

using Work = std::vector<std::vector<Flops>>;

constexpr std::int64_t kGiga = 1'000'000'000;

Work work_of(const program::Program& program) {
  Work work;
  for (const program::Segment& segment : program.segments) {
    work.emplace_back();
    for (const program::Task& task : segment.tasks)
      work.back().push_back(task.kind == program::OpKind::exchange ? Flops{} : op_cost(program, task).flops);
  }
  return work;
}

// Of a request of this shape, by the first pipeline: what its actor denoises, and the one decodes that it hands to.
Flops work_of(const program::Program& program, const Work& work, std::size_t actor, int shape) {
  Flops sum;
  for (const program::Unit& unit : program.actors[actor].scripts[static_cast<std::size_t>(shape)]) {
    const program::UnitInstance plain{.actor = ActorId{static_cast<int>(actor)}, .unit = &unit, .bindings = {}};
    for (const program::CallInstance& call : calls_of(program, plain))
      for (const Flops task : work[index(call.id)]) sum += task * unit.repeat;
    if (unit.hand_to) sum += work_of(program, work, index(*unit.hand_to), shape);
  }
  return sum;
}

}  // namespace

RunProgress::RunProgress(const program::Program& program, const std::string& what)
    : work_(work_of(program)), running_(static_cast<std::size_t>(program.ranks())), progress_(what) {
  for (const int shape : program.request_shapes) total_ += work_of(program, work_, 0, shape);
}

void RunProgress::before_task(const executor::TaskInstanceRef& ref) {
  const auto task = static_cast<std::size_t>(&ref.task - ref.call.segment->tasks.data());
  Flops& running = running_[index(ref.task.rank)];
  const std::int64_t done = done_ += running.value;
  running = work_[index(ref.call.id)][task];
  progress_.update(static_cast<std::size_t>(done / kGiga), static_cast<std::size_t>(total_.value / kGiga));
}

}  // namespace pipedit::cli
