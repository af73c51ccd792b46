#pragma once

#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "simulator/engine/resources.h"
#include "simulator/engine/world.h"

// Steps that were simulated once in the same state and are used again. A simulation without it expands every step.
namespace pipedit::simulator {

// A rank at a barrier: where its host stands relative to the unit that starts or ended there, how long it still
// enqueues, and the age of its turn on a CPU. Nobody is in line there: all ranks have drained.
struct RankMark {
  int entry = 0, place = 0;
  Nanos busy{-1}, turn{-1};
  friend bool operator<(const RankMark& a, const RankMark& b) {
    return std::tie(a.entry, a.place, a.busy, a.turn) < std::tie(b.entry, b.place, b.busy, b.turn);
  }
};

// All that a step depends on while nobody else touches what it uses.
struct StepKey {
  const UnitPlan* plan = nullptr;
  const program::Unit* following = nullptr;
  bool appended = false;  // the following unit is in the log already
  std::vector<RankMark> ranks;
  friend bool operator<(const StepKey& a, const StepKey& b) {
    return std::tie(a.plan, a.following, a.appended, a.ranks) < std::tie(b.plan, b.following, b.appended, b.ranks);
  }
};

struct StepOutcome {
  int history = 0;
  Nanos append{-1};  // when the following unit comes into the log, after the start; -1: not within this step
  Nanos duration{0};
  std::vector<RankMark> ranks;
};

class StepMemo {
 public:
  std::map<StepKey, StepOutcome> outcomes;
  std::map<const Run*, StepKey> recording;  // steps under way that will be kept
  std::map<const Run*, const StepOutcome*> skipping;
  Resources resources;
};

// The unit starts now: true when it is a step whose outcome is known and will happen by itself.
bool reuse(StepMemo&, World&, Run&);

// A skipped step has come to where its hosts bring the next unit into the log.
void skip_append(World&, int actor);

// A skipped step is over.
void skip_done(StepMemo&, World&, int actor);

// The barrier of a unit has fallen: keeps the outcome of a step that was being recorded.
void note_step(StepMemo&, World&, const Run&);

}  // namespace pipedit::simulator
