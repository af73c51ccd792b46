#pragma once

#include <memory>
#include <vector>

#include "executor/unit_run.h"

namespace pipedit::executor {

// What remains of a unit when its events are gone.
struct UnitRecord {
  program::UnitInstance instance;
  std::vector<PatternCall> calls;
};

// Every actor's log. Not locked: the coordinator does that.
class UnitLog {
 public:
  UnitLog(const program::Program&, const std::vector<SegmentTable>&, Session&);

  // To the log of the unit's actor, of `helpers` where ranks of theirs are lent, and of the actor that a latent is
  // handed to.
  void append(const program::UnitInstance&, std::optional<ActorId> helpers);

  std::size_t size(ActorId actor) const { return entries_[index(actor)].size(); }
  // Null once it is complete and long past.
  std::shared_ptr<const UnitRun> entry(ActorId actor, std::size_t position) const {
    return entries_[index(actor)][position];
  }
  bool all_finished(ActorId) const;

  const std::vector<UnitRecord>& records() const { return records_; }  // by UnitRun::id

 private:
  void add(ActorId, const std::shared_ptr<const UnitRun>&);
  void forget(ActorId);

  const program::Program* program_;
  const std::vector<SegmentTable>* tables_;
  Session* session_;
  std::vector<std::vector<std::shared_ptr<const UnitRun>>> entries_;  // by actor
  std::vector<std::shared_ptr<const UnitRun>> last_;                  // by actor: what the next unit's start waits for
  std::vector<std::size_t> forgotten_;                                // by actor: entries before it are null
  Tails tails_;
  std::vector<UnitRecord> records_;
};

}  // namespace pipedit::executor
