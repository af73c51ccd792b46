#pragma once

#include <optional>

#include "executor/walker.h"

namespace pipedit::executor {

// An actor's first rank: draws requests, unrolls the script into the actor's log, takes its decisions, and walks like
// any other rank.
class Decider {
 public:
  Decider(const Run&, ActorId, Walker&);
  void run();

 private:
  std::optional<Draw> draw();
  void append(program::UnitInstance);
  int reserve_slot(ActorId receiver);

  const Run& run_;
  ActorId actor_;
  Walker& walker_;
  RankQueues& queues_;
};

}  // namespace pipedit::executor
