#include "executor/walker.h"

#include "executor/task_items.h"

namespace pipedit::executor {

using namespace program;

Walker::Walker(const Run& run, Rank rank, ActorId actor, Recorder& recorder)
    : run_(run),
      rank_(rank),
      actor_(actor),
      recorder_(recorder),
      cache_(run.job.caches->of(rank)),
      queues_(run.session.queues(rank)) {}

void Walker::wait(Event event) {
  queues_.wait_until([&] { return queues_.reached(event); });
}

void Walker::keep_distance() {
  if (position_ < 2) return;
  if (const auto before = run_.coordinator.entry(actor_, position_ - 2)) wait(before->finished());
}

void Walker::catch_up() {
  for (; behind(); ++position_) {
    keep_distance();
    auto entry = run_.coordinator.entry(actor_, position_);
    if (entry == nullptr) continue;
    if (entry->visits(actor_)) {
      enqueue_calls(entry);
      continue;
    }
    if (entry->has(rank_)) enqueue(entry);
    last_ = std::move(entry);
  }
}

void Walker::follow() {
  for (;;) {
    queues_.wait_until([&] { return behind() || run_.coordinator.closed(actor_); });
    if (!behind()) break;
    catch_up();
  }
  finish();
}

void Walker::enqueue(const std::shared_ptr<const UnitRun>& unit) {
  enqueue_gates(unit);
  enqueue_calls(unit);
  enqueue_marks(unit);
}

void Walker::enqueue_calls(const std::shared_ptr<const UnitRun>& unit) {
  for (int call = 0; call < static_cast<int>(unit->calls().size()); ++call) enqueue_call(unit, call);
}

void Walker::enqueue_gates(const std::shared_ptr<const UnitRun>& unit) {
  for (int lane = 0; lane < kLanes; ++lane) {
    Item gate{.unit = unit};
    if (unit->gate().block) gate.waits.push_back(unit->gate().event);
    if (static_cast<Lane>(lane) == Lane::compute) gate.times = recorder_.add(unit->id(), -1, -1);
    queues_.enqueue(static_cast<Lane>(lane), std::move(gate));
  }
}

void Walker::enqueue_call(const std::shared_ptr<const UnitRun>& unit, int call) {
  for (const int task : unit->table(call).tasks[index(rank_)])
    enqueue_task(run_, cache_, queues_, unit, call, task, recorder_.add(unit->id(), call, task));
}

void Walker::enqueue_marks(const std::shared_ptr<const UnitRun>& unit) {
  for (int lane = 0; lane < kLanes; ++lane) {
    Item end{.marks = {unit->complete()}, .unit = unit};
    if (stands_at_barrier(static_cast<Lane>(lane))) end.marks.push_back(unit->finished());
    queues_.enqueue(static_cast<Lane>(lane), std::move(end));
  }
}

}  // namespace pipedit::executor
