#pragma once

#include <memory>

#include "executor/coordinator.h"
#include "executor/execute.h"
#include "executor/memory.h"
#include "executor/ops/cache.h"
#include "executor/recorder.h"
#include "executor/weights/loaded_weights.h"

namespace pipedit::executor {

// What all ranks of a run share.
struct Run {
  const program::Program& program;
  const Job& job;
  const ExecuteOptions& options;
  Session& session;
  Coordinator& coordinator;
  const Addresses& addresses;
  const LoadedWeights& loaded;
};

// Walks one rank along its actor's log and enqueues the rank's tasks: all that it knows of a plan is what the log and
// the segments say.
class Walker {
 public:
  Walker(const Run&, Rank, ActorId, Recorder&);

  // Enqueues what the log has got since. The host gets at most so far ahead that a unit is finished before the next but
  // one is enqueued.
  void catch_up();

  // Walks to the log's end, and until all lanes are drained.
  void follow();
  void finish() { queues_.drain(); }

  bool behind() const { return run_.coordinator.size(actor_) > position_; }
  const std::shared_ptr<const UnitRun>& last() const { return last_; }  // the last unit walked that was not a visit
  void wait(Event event);

 private:
  void keep_distance();
  void enqueue(const std::shared_ptr<const UnitRun>&);
  void enqueue_calls(const std::shared_ptr<const UnitRun>&);
  void enqueue_gates(const std::shared_ptr<const UnitRun>&);
  void enqueue_call(const std::shared_ptr<const UnitRun>&, int call);
  void enqueue_marks(const std::shared_ptr<const UnitRun>&);

  const Run& run_;
  Rank rank_;
  ActorId actor_;
  Recorder& recorder_;
  OpCache& cache_;
  RankQueues& queues_;
  std::size_t position_ = 0;
  std::shared_ptr<const UnitRun> last_;
};

}  // namespace pipedit::executor
