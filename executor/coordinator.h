#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "executor/requests.h"
#include "executor/unit_log.h"

namespace pipedit::executor {

// What the actors of a run agree on: logs, draws, latent slots, loans. Every call is one atomic step and wakes the
// hosts that may have waited for it; none blocks.
class Coordinator {
 public:
  Coordinator(const program::Program&, const std::vector<SegmentTable>&, Session&);

  // To the log of the unit's actor. Where the unit has a choice and its helpers are idle, their ranks are lent in the
  // same step, by appending it to their log too.
  void append(program::UnitInstance);
  void close(ActorId);  // nothing more will be appended

  std::size_t size(ActorId) const;
  bool closed(ActorId) const;
  std::shared_ptr<const UnitRun> entry(ActorId, std::size_t position) const;  // null: complete and long past

  void park(ActorId, Nanos since);  // at its draw, with its lanes drained
  std::optional<Draw> draw(ActorId, Nanos now);
  bool exhausted(ActorId) const;                                // nothing is left to draw, nor will be
  std::optional<Nanos> next_arrival(ActorId, Nanos now) const;  // still to come

  std::optional<int> reserve(ActorId receiver, RankQueues& asking);
  void publish(ActorId receiver, const program::UnitInstance& hand);
  void free_after(ActorId receiver, int slot, std::shared_ptr<const UnitRun> last);

  const std::vector<UnitRecord>& records() const { return log_.records(); }  // when all ranks are done
  const std::vector<Nanos>& drawn() const { return drawn_; }                 // by request, likewise

 private:
  bool idle(ActorId) const;

  const program::Program* program_;
  Session* session_;
  mutable std::mutex mutex_;
  UnitLog log_;
  RequestQueue queue_;
  std::vector<LatentSlots> slots_;             // by actor
  std::vector<bool> closed_, parked_;          // by actor
  std::vector<std::vector<ActorId>> feeders_;  // by actor: who hands latents to it
  std::vector<Nanos> drawn_;
};

}  // namespace pipedit::executor
