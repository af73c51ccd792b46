#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "executor/unit_run.h"
#include "program/program.h"

namespace pipedit::executor {

struct Draw {
  RequestId request{};
  int latent_slot = 0;
};

// The job's queue. Between replicas the longest idle draws first, then the smaller id. Not locked.
class RequestQueue {
 public:
  explicit RequestQueue(const program::Program&);
  void wait(ActorId, Nanos since);  // the actor has nothing to do since then
  std::optional<Draw> draw(ActorId, Nanos now);
  bool empty() const { return next_ == program_->arrivals.size(); }
  std::optional<Nanos> next_arrival() const;

 private:
  bool is_first(ActorId) const;

  const program::Program* program_;
  std::size_t next_ = 0;
  std::vector<std::optional<Nanos>> idle_since_;  // by actor, of those that wait
};

// The latent slots of one actor: free, on their way, waiting, or in use until a unit is complete. Not locked.
class LatentSlots {
 public:
  explicit LatentSlots(int count) : slots_(static_cast<std::size_t>(count)) {}

  // A slot for a latent that is to be handed over. `asking` is woken when one that is in use comes free.
  std::optional<int> reserve(RankQueues& asking);
  void publish(int slot, RequestId);  // the latent is there
  std::optional<Draw> draw();         // in the order of publishing
  void free_after(int slot, std::shared_ptr<const UnitRun> last);
  bool idle() const { return waiting_.empty() && on_the_way_ == 0; }

 private:
  struct Slot {
    bool taken = false;
    std::shared_ptr<const UnitRun> until;  // free when it is complete
  };
  std::vector<Slot> slots_;
  std::deque<Draw> waiting_;
  int on_the_way_ = 0;
};

}  // namespace pipedit::executor
