#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "executor/backend.h"
#include "executor/segment_table.h"
#include "program/program.h"
#include "program/script.h"

namespace pipedit::executor {

// An event and whoever owns it.
struct KeptEvent {
  Event event;
  std::shared_ptr<EventBlock> block;
};
using Tails =
    std::vector<std::array<KeptEvent, program::kLanes>>;  // by rank: the last task on each lane; no block: none yet

// One entry of an actor's log while it runs: its calls, its events, what stands before it. Made once, then only read.
class UnitRun {
 public:
  UnitRun(const program::Program&, const std::vector<SegmentTable>&, const program::UnitInstance&, int id);

  // Makes the events; `previous` is the entry before it in its actor's log (null: the first), `tails` what stands on
  // the lanes.
  void prepare(Session&, const UnitRun* previous, const Tails& tails);

  const program::Program& program() const { return *program_; }
  const program::UnitInstance& instance() const { return instance_; }
  int id() const { return id_; }  // by order of appending, over all actors
  const std::vector<program::CallInstance>& calls() const { return calls_; }
  const SegmentTable& table(int call) const { return (*tables_)[index(calls_[static_cast<std::size_t>(call)].id)]; }
  const program::Task& task(int call, int task) const;
  const std::vector<Rank>& ranks() const { return ranks_; }  // of the actor, and those lent to it
  bool has(Rank) const;
  // Whether the unit is in the actor's log because latents come to its ranks: their tasks stand outside of the unit's
  // barriers.
  bool visits(ActorId actor) const { return instance_.unit->hand_to == actor; }

  Event event(int call, int event) const;           // SegmentTable's numbers
  Event finished() const;                           // everybody's compute, send and copy lanes are done with it
  Event complete() const;                           // every lane is
  const KeptEvent& gate() const { return gate_; }   // the unit before has finished
  Event tail(int call, Rank, program::Lane) const;  // no block: nothing was there
  Tails tails_after() const;

  // "request 3 / step 12 / single block 7 / attention[1] @ rank 2"
  std::string name(int call, int task) const;
  // What an event of this unit, of one before it, or its gate stands for: "pack_k @ rank 1".
  std::string describe(Event) const;

 private:
  std::string describe_in_call(int call, int event) const;

  const program::Program* program_;
  const std::vector<SegmentTable>* tables_;
  program::UnitInstance instance_;
  int id_;
  std::vector<program::CallInstance> calls_;
  std::vector<int> first_event_;  // by call, and one past the last
  std::vector<Rank> ranks_;
  std::shared_ptr<EventBlock> events_;
  KeptEvent gate_;
  Tails tails_;
};

// A unit's barrier covers these lanes; the others are complete in their own time.
constexpr bool stands_at_barrier(program::Lane lane) {
  return lane != program::Lane::writer && lane != program::Lane::hand;
}
inline constexpr int kBarrierLanes = 3;

}  // namespace pipedit::executor
